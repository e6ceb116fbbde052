//! A service with 100 handlers, in three variants.

use crate::command::root;
use std::{fmt::Write, fs, path::Path};

/// Handlers of the service.
pub(super) const HANDLERS: usize = 100;
/// Handlers in a module.
const IN_A_MODULE: usize = 10;

/// What the service knows of us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variant {
    /// Nothing.
    Plain,
    /// The layer and the export.
    Layered,
    /// Those, and an annotation on each handler.
    Annotated,
}

impl Variant {
    pub(super) const ALL: [Variant; 3] = [Variant::Plain, Variant::Layered, Variant::Annotated];

    /// The name of the package.
    pub(super) fn package(self) -> &'static str {
        match self {
            Variant::Plain => "plain",
            Variant::Layered => "layered",
            Variant::Annotated => "annotated",
        }
    }
}

/// Writes the three as a workspace, with the versions that our own workspace has locked.
pub(super) fn write(folder: &Path) -> Result<(), String> {
    let members = Variant::ALL.map(|variant| format!("{:?}", variant.package()));
    let workspace = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n[profile.release]\nstrip = true\n",
        members.join(", ")
    );
    put(&folder.join("Cargo.toml"), &workspace)?;
    let lock = root().join("Cargo.lock");
    fs::copy(&lock, folder.join("Cargo.lock"))
        .map_err(|error| format!("{}: {error}", lock.display()))?;
    for variant in Variant::ALL {
        let package = folder.join(variant.package());
        put(&package.join("Cargo.toml"), &manifest(variant))?;
        put(&package.join("src/main.rs"), &main(variant))?;
        for module in 0..HANDLERS / IN_A_MODULE {
            write_module(folder, variant, module, 0)?;
        }
    }
    Ok(())
}

/// Writes the first module again, with another number in one of its handlers.
pub(super) fn touch(folder: &Path, variant: Variant, number: usize) -> Result<(), String> {
    write_module(folder, variant, 0, number)
}

fn write_module(
    folder: &Path,
    variant: Variant,
    module: usize,
    number: usize,
) -> Result<(), String> {
    let file = format!("{}/src/orders_{module}.rs", variant.package());
    put(&folder.join(file), &handlers(variant, module, number))
}

fn put(path: &Path, text: &str) -> Result<(), String> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| format!("{}: {error}", path.display()))
}

fn manifest(variant: Variant) -> String {
    let mut text = format!(
        "[package]\nname = {:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         axum = \"0.8.9\"\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"net\", \"rt-multi-thread\"] }}\n",
        variant.package()
    );
    if variant != Variant::Plain {
        let root = root();
        let path = |name| root.join(name).display().to_string();
        let _ = writeln!(
            text,
            "slo-sdk = {{ path = {:?} }}\nslo-tower = {{ path = {:?}, features = [\"axum\"] }}",
            path("slo-sdk"),
            path("slo-tower")
        );
    }
    text
}

fn main(variant: Variant) -> String {
    let mut text = String::new();
    for module in 0..HANDLERS / IN_A_MODULE {
        let _ = writeln!(text, "mod orders_{module};");
    }
    text.push_str("\nuse axum::{Router, routing::post};\n");
    if variant == Variant::Annotated {
        text.push_str(
            "use slo_sdk::{Journey, Objectives, millis};\n\n\
             pub const CHECKOUT: Journey = Journey::new(\"checkout\").objectives(\n    \
             Objectives::new().availability(99.9).latency(99.0, millis(500)),\n);\n",
        );
    }
    text.push_str(
        "\n#[tokio::main]\nasync fn main() -> Result<(), Box<dyn std::error::Error>> {\n",
    );
    if variant != Variant::Plain {
        text.push_str("    let _slo = slo_sdk::init();\n");
    }
    text.push_str("    let router = Router::new()\n");
    for module in 0..HANDLERS / IN_A_MODULE {
        let _ = writeln!(text, "        .merge(orders_{module}::routes())");
    }
    if variant != Variant::Plain {
        text.push_str("        .layer(slo_tower::SloLayer::new())\n");
    }
    text.push_str(
        "        .route(\"/health\", post(|| async { \"ok\" }));\n    \
         let listener = tokio::net::TcpListener::bind(\"127.0.0.1:0\").await?;\n    \
         axum::serve(listener, router).await?;\n    Ok(())\n}\n",
    );
    text
}

/// A module of handlers: each takes a path and a JSON body, may fail, and answers in JSON.
fn handlers(variant: Variant, module: usize, number: usize) -> String {
    let mut text = String::from(
        "use axum::{Json, Router, extract::Path, http::StatusCode, routing::post};\n\
         use serde::{Deserialize, Serialize};\n",
    );
    if variant == Variant::Annotated {
        text.push_str("use slo_sdk::slo;\n");
    }
    text.push_str(
        "\n#[derive(Deserialize)]\npub struct Order {\n    article: String,\n    \
         quantity: u32,\n}\n\n\
         #[derive(Serialize)]\npub struct Receipt {\n    number: u64,\n    article: String,\n}\n\n\
         pub fn routes() -> Router {\n    Router::new()\n",
    );
    for handler in 0..IN_A_MODULE {
        let _ = writeln!(
            text,
            "        .route(\"/orders-{module}-{handler}/{{id}}\", post(order_{module}_{handler}))"
        );
    }
    text.push_str("}\n");
    for handler in 0..IN_A_MODULE {
        // The first one is what `touch` changes.
        let number = if handler == 0 { number } else { 0 };
        if variant == Variant::Annotated {
            let _ = write!(
                text,
                "\n#[slo(journey = crate::CHECKOUT, \
                 route = \"POST /orders-{module}-{handler}/{{id}}\")]"
            );
        }
        let _ = write!(
            text,
            "\npub async fn order_{module}_{handler}(\n    \
             Path(id): Path<u64>,\n    Json(order): Json<Order>,\n\
             ) -> Result<Json<Receipt>, StatusCode> {{\n    \
             tokio::task::yield_now().await;\n    \
             if order.quantity == 0 {{\n        return Err(StatusCode::BAD_REQUEST);\n    }}\n    \
             Ok(Json(Receipt {{\n        number: id + {number},\n        \
             article: order.article,\n    }}))\n}}\n"
        );
    }
    text
}
