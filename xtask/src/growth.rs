//! What counting costs as a service grows: in endpoints, threads, requests in flight, and in
//! the size of its program.
//!
//! Endpoints are statics, so a service with 10,000 of them is written and compiled; the rest
//! are programs of `benches/growth`. Names of tables after the task's name print only those:
//! `endpoints`, `threads`, `in-flight`, `binaries`.

use crate::{
    Outcome,
    command::{self, cargo, root},
    machine,
};
use std::{
    env,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const TABLES: [&str; 5] = ["endpoints", "threads", "memory", "in-flight", "binaries"];

const ENDPOINTS: [usize; 4] = [10, 100, 1000, 10_000];

/// A program without the export, and so with little but its endpoints.
const SMALL: &str = "small";

pub(crate) fn run() -> Outcome {
    let wanted: Vec<String> = env::args().skip(2).collect();
    if let Some(unknown) = wanted.iter().find(|name| !TABLES.contains(&name.as_str())) {
        return Err(format!(
            "no table {unknown}; there are {}",
            TABLES.join(", ")
        ));
    }
    let is_wanted = |table: &str| wanted.is_empty() || wanted.iter().any(|name| name == table);
    let folder = root().join("target/growth");
    write(&folder)?;
    build_ours("slo-growth")?;
    if is_wanted("endpoints") {
        build(&folder, "grown")?;
        let mut table = ours("endpoints");
        table.arg(target().join("release"));
        print(table.args(ENDPOINTS.map(|number| number.to_string())))?;
    }
    for table in ["threads", "memory", "in-flight"] {
        if is_wanted(table) {
            print(&mut ours(table))?;
        }
    }
    if is_wanted("binaries") {
        build_ours("cargo-slo")?;
        build(&folder, SMALL)?;
        let program = program_of_ours(SMALL);
        print(
            ours("binaries")
                .arg(program_of_ours("cargo-slo"))
                .arg(program)
                .arg(&folder),
        )?;
    }
    let lock = Path::new("Cargo.lock");
    let versions = machine::versions(lock, &["opentelemetry_sdk", "slo-sdk", "object"])?;
    say(&format!("{}\n{versions}", machine::about()?));
    Ok(())
}

fn build_ours(package: &str) -> Outcome {
    command::run(cargo().args([
        "build",
        "--release",
        "--quiet",
        "--package",
        package,
        "--bins",
    ]))
}

fn build(folder: &Path, package: &str) -> Outcome {
    command::run(
        cargo()
            .current_dir(folder)
            .args(["build", "--release", "--quiet", "--package", package])
            // Most of what they need was built for our own programs.
            .env("CARGO_TARGET_DIR", target()),
    )
}

fn ours(program: &str) -> Command {
    Command::new(program_of_ours(program))
}

fn program_of_ours(name: &str) -> PathBuf {
    let name = format!("{name}{}", env::consts::EXE_SUFFIX);
    target().join("release").join(name)
}

/// Where cargo puts what it builds, whatever it was told.
fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into)
}

fn print(command: &mut Command) -> Outcome {
    say(&command::output(command)?);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "its output")]
fn say(text: &str) {
    println!("{text}");
}

/// Writes the two packages that have endpoints, with the versions that our own workspace has
/// locked.
fn write(folder: &Path) -> Outcome {
    let put = |file: &str, text: &str| {
        let path = folder.join(file);
        let parent = path.parent().unwrap_or(folder);
        // What has not changed is not compiled again.
        if fs::read_to_string(&path).is_ok_and(|written| written == text) {
            return Ok(());
        }
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| format!("{}: {error}", path.display()))
    };
    let lock = fs::read_to_string(root().join("Cargo.lock"))
        .map_err(|error| format!("Cargo.lock: {error}"))?;
    if !folder.join("Cargo.lock").exists() {
        put("Cargo.lock", &lock)?;
    }
    put(
        "Cargo.toml",
        &format!(
            "[workspace]\nresolver = \"3\"\nmembers = [\"grown\", \"{SMALL}\"]\n\n\
             [profile.release]\ndebug = false\n\n[profile.release.package.grown]\nstrip = true\n\n\
             [profile.release.package.{SMALL}]\nstrip = true\n"
        ),
    )?;
    let path = |name: &str| root().join(name).display().to_string();
    let package = |name: &str, dependencies: &str| {
        format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [dependencies]\n{dependencies}"
        )
    };
    let sdk = path("slo-sdk");
    put(
        "grown/Cargo.toml",
        &package(
            "grown",
            &format!(
                "slo-growth = {{ path = {:?} }}\nslo-sdk = {{ path = {sdk:?} }}\n",
                path("benches/growth")
            ),
        ),
    )?;
    for number in ENDPOINTS {
        let text = format!(
            "use slo_growth::GROWTH;\n\n{}\n\
             fn main() -> Result<(), Box<dyn std::error::Error>> {{\n    \
             slo_growth::grown::run()\n}}\n",
            endpoints(number)
        );
        put(&format!("grown/src/bin/e{number}.rs"), &text)?;
    }
    put(
        &format!("{SMALL}/Cargo.toml"),
        &package(
            SMALL,
            &format!("slo-sdk = {{ path = {sdk:?}, default-features = false }}\n"),
        ),
    )?;
    let text = format!(
        "const GROWTH: slo_sdk::Journey = slo_sdk::Journey::new(\"growth\").objectives(\n    \
         slo_sdk::Objectives::new().availability(99.9).latency(99.0, slo_sdk::millis(250)),\n);\n\n\
         {}\nfn main() {{\n    println!(\"{{}}\", slo_sdk::layer::endpoint_count());\n}}\n",
        endpoints(100)
    );
    put(&format!("{SMALL}/src/main.rs"), &text)
}

fn endpoints(number: usize) -> String {
    let mut text = String::new();
    for endpoint in 0..number {
        let _ = writeln!(
            text,
            "pub static E{endpoint}: &slo_sdk::Endpoint = slo_sdk::endpoint!(\n    \
             name = \"endpoint-{endpoint}\",\n    journey = GROWTH,\n    \
             route = \"GET /things-{endpoint}/{{id}}\",\n);"
        );
    }
    text
}
