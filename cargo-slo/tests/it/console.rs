//! The console blocks of the README and of `docs`, run word for word.
//!
//! Each page has a package `orders` to itself, beside what its commands name. Programs of others, such
//! as promtool, are not run; nor are blocks that are marked `console,ignore`, which need a server
//! or a shell.
//!
//! After a change that is meant, `TRYCMD=overwrite cargo test -p cargo-slo --test it console` writes
//! into the pages what the commands say now.

use crate::{
    build::KEEP,
    fixtures::{Sandbox, repository},
};
use serde_json::Value;
use std::{env, fs, path::PathBuf};

const MANIFEST: &str = r#"
[package]
name = "orders"
version = "1.2.3"
edition = "2024"
[workspace]
[dependencies]
"#;

/// The catalogue of the organisation.
const TIERS: &str = "[gold]\navailability = \"99.9%\"\n";

/// What the annotations of a service leave in it.
const PROGRAM: &str = r#"
#[macro_use]
mod keep;

use slo_model::{Declaration, Journey, Objectives, Route, Source, millis, record};

const CHECKOUT: Journey = Journey::new("checkout")
    .title("Buy what is in the cart")
    .user("a developer of a business unit who calls the order API")
    .owner("team-orders")
    .runbook("https://runbooks.example/checkout")
    .objectives(Objectives::new().availability(99.5).latency(99.0, millis(300)));

macro_rules! slo {
    ($name:literal, $route:literal $(, $objectives:expr)?) => {
        const _: () = {
            const DECLARATION: Declaration = Declaration::new($name, CHECKOUT)
                .route(Route::new($route))
                $(.objectives($objectives))?
                .source(Source {
                    package: env!("CARGO_PKG_NAME"),
                    version: env!("CARGO_PKG_VERSION"),
                    module: module_path!(),
                    function: $name,
                    file: file!(),
                    line: line!(),
                });
            keep!(record::endpoint_len(&DECLARATION), record::encode_endpoint(&DECLARATION));
        };
    };
}

sentinel!();
slo!("cart", "POST /cart");
slo!("gift-card", "POST /gift-cards", Objectives::new().availability(99.95));

fn main() {}
"#;

/// The pages, and their names as files of one folder.
fn pages() -> Vec<(PathBuf, String)> {
    let mut pages = vec![(repository("README.md"), "README".to_owned())];
    let mut folders = vec![repository("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let name = path.strip_prefix(repository("docs")).unwrap();
                let name = name.with_extension("").to_str().unwrap().replace('/', "-");
                pages.push((path, name));
            }
        }
    }
    pages
}

/// Puts the package into a folder.
fn package(sandbox: &Sandbox, folder: &str) {
    let model = repository("slo-model");
    sandbox.write(
        &format!("{folder}/Cargo.toml"),
        format!("{MANIFEST}slo-model = {{ path = {model:?} }}\n"),
    );
    sandbox.write(
        &format!("{folder}/src/keep.rs"),
        format!("#![allow(unused_macros)]\n{KEEP}"),
    );
    sandbox.write(&format!("{folder}/src/main.rs"), PROGRAM.trim_start());
}

/// The export of the main branch, where the target is higher and gift cards are unheard of.
fn export_of_main(sandbox: &Sandbox, variables: &[(&str, &str)]) -> String {
    package(sandbox, "main");
    let run = sandbox.slo_in("export --manifest-path main/Cargo.toml", variables);
    let mut export: Value = serde_json::from_str(&run.ok().out).unwrap();
    let records = export["records"].as_array_mut().unwrap();
    records.retain(|record| record["name"] != "gift-card");
    records[0]["journey"]["objectives"]["availability_ppb"] = 999_000_000.into();
    export.to_string()
}

#[test]
fn commands_say_what_the_pages_show() {
    let sandbox = Sandbox::new();
    let target = sandbox.path("target");
    let variables = [
        ("CARGO_TARGET_DIR", target.to_str().unwrap()),
        ("CARGO_NET_OFFLINE", "true"),
        ("CARGO_TERM_QUIET", "true"),
    ];
    let main = export_of_main(&sandbox, &variables);
    let cases = trycmd::TestCases::new();
    cases.register_bin("cargo", PathBuf::from(env!("CARGO_BIN_EXE_cargo-slo")));
    for (name, value) in variables {
        cases.env(name, value);
    }
    let mut copies = Vec::new();
    for (page, name) in pages() {
        let text = fs::read_to_string(&page).unwrap();
        if text.contains("```console") {
            package(&sandbox, &format!("{name}.in"));
            sandbox.write(&format!("{name}.in/main/orders.slo.json"), &main);
            sandbox.write(&format!("{name}.in/catalogue/tiers.toml"), TIERS);
            let copy = sandbox.write(&format!("{name}.md"), text);
            cases.case(&copy);
            copies.push((copy, page));
        }
    }
    assert!(copies.len() > 5, "{copies:?}");
    cases.run();
    if env::var_os("TRYCMD").is_some_and(|mode| mode == "overwrite") {
        for (copy, page) in copies {
            fs::copy(copy, page).unwrap();
        }
    }
}
