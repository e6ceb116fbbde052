//! What cargo built is read: a workspace with a service, a library, a service that declares
//! nothing, and a tool that has nothing to do with any of it.

use crate::fixtures::{Sandbox, repository};

pub(crate) const KEEP: &str = r#"
macro_rules! keep {
    ($len:expr, $bytes:expr) => {
        const _: () = {
            const LEN: usize = $len;
            #[used]
            #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__slo_meta"))]
            #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = "slo_meta"))]
            static BYTES: [u8; LEN] = $bytes;
        };
    };
}
macro_rules! sentinel {
    () => {
        keep!(slo_model::record::sentinel_len("0.0.0", false), slo_model::record::encode_sentinel("0.0.0", false));
    };
}
macro_rules! endpoint {
    ($name:literal) => {
        const _: () = {
            use slo_model::*;
            const DECLARATION: Declaration = Declaration::new(
                $name,
                Journey::new("checkout").objectives(Objectives::new().availability(99.9)),
            )
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
"#;

fn workspace() -> Sandbox {
    let sandbox = Sandbox::new();
    let manifest = |name: &str, more: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{more}")
    };
    let model = format!(
        "[dependencies]\nslo-model = {{ path = {:?} }}\n",
        repository("slo-model")
    );
    sandbox.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"orders\", \"shared\", \"quiet\", \"tool\"]\n\
         [profile.release]\nlto = \"fat\"\nstrip = true\npanic = \"abort\"\ncodegen-units = 1\n",
    );
    let crates = [
        (
            "orders",
            format!("{model}shared = {{ path = \"../shared\" }}\n"),
            "src/main.rs",
            "sentinel!();\nendpoint!(\"cart\");\nfn main() { shared::used() }",
        ),
        (
            "shared",
            format!("[lib]\ncrate-type = [\"rlib\", \"cdylib\"]\n{model}"),
            "src/lib.rs",
            "endpoint!(\"stock\");\npub fn used() {}",
        ),
        (
            "quiet",
            model.clone(),
            "src/main.rs",
            "sentinel!();\nfn main() {}",
        ),
        ("tool", String::new(), "src/main.rs", "fn main() {}"),
    ];
    for (name, more, file, code) in crates {
        sandbox.write(&format!("{name}/Cargo.toml"), manifest(name, &more));
        sandbox.write(
            &format!("{name}/{file}"),
            format!("#![allow(unused_macros)]\n{KEEP}\n{code}\n"),
        );
    }
    sandbox
}

#[test]
fn every_artefact_with_machine_code_is_read() {
    let sandbox = workspace();
    let target = sandbox.path("target");
    let variables = [
        ("CARGO_TARGET_DIR", target.to_str().unwrap()),
        ("CARGO_TERM_COLOR", "never"),
    ];
    let slo = |arguments: &str| sandbox.slo_in(arguments, &variables);

    let one = slo("list --offline -p orders").ok();
    assert!(
        one.out
            .starts_with("orders: 1 journey, 2 endpoints, 1 SLO\n"),
        "{one:?}"
    );
    assert!(
        one.out.contains("shared/src/lib.rs:") && one.out.contains("orders/src/main.rs:"),
        "{one:?}"
    );
    assert!(
        one.err.contains("Compiling"),
        "the progress of cargo goes on: {}",
        one.err
    );

    // The library is built as a shared library too, for others: its records are in the service.
    let all = slo("list --offline --workspace --release").ok();
    for line in ["orders: 1 journey, 2 endpoints", "quiet: no SLOs declared"] {
        assert!(all.out.contains(line), "{line} in {all:?}");
    }
    for name in ["tool", "shared: "] {
        assert!(!all.out.contains(name), "{name} in {}", all.out);
    }
    assert!(!all.err.contains("service of its own"), "{}", all.err);
    // Built without that service, it is one.
    let alone = slo("list --offline -p shared").ok();
    assert!(
        alone.out.starts_with("shared: 1 journey, 1 endpoint"),
        "{alone:?}"
    );

    let tool = slo("list --offline -p tool");
    assert_eq!(tool.code, 2);
    assert!(
        tool.err.contains("nothing built with slo-sdk was found"),
        "{}",
        tool.err
    );

    let lost = slo("list --offline -p lost");
    assert_eq!(lost.code, 2);
    assert!(lost.err.contains("`cargo build` failed"), "{}", lost.err);
}

/// Facts belong to the package they lie in, wherever cargo is run from.
#[test]
fn each_package_has_its_own_facts() {
    let sandbox = workspace();
    let target = sandbox.path("target");
    let variables = [
        ("CARGO_TARGET_DIR", target.to_str().unwrap()),
        ("CARGO_TERM_COLOR", "never"),
    ];
    let slo = |arguments: &str| sandbox.slo_in(arguments, &variables);
    let traffic = |journey: &str| format!("[traffic]\n\"{journey}\" = \"5/day\"\n");
    let unknown = |journey: &str, file: &str| {
        format!("there is no journey or endpoint called `{journey}`\n  --> {file}:2:1")
    };
    // Nobody has one: that of the folder is taken, which is only a workspace's.
    sandbox.write("slo.toml", traffic("at-root"));
    let check = |package: &str| slo(&format!("check --offline -p {package}"));
    assert!(
        check("orders")
            .out
            .contains(&unknown("at-root", "slo.toml"))
    );
    // The package's own is nearer, and about its service without saying so.
    sandbox.write("orders/slo.toml", traffic("of-orders"));
    let run = check("orders");
    assert!(
        run.out.contains(&unknown("of-orders", "orders/slo.toml")),
        "{run:?}"
    );
    assert!(!run.out.contains("at-root"), "{run:?}");
    // Each service of a workspace has its own.
    sandbox.write("quiet/slo.toml", traffic("of-quiet"));
    let run = slo("check --offline --workspace");
    for (journey, file) in [
        ("of-orders", "orders/slo.toml"),
        ("of-quiet", "quiet/slo.toml"),
    ] {
        assert!(run.out.contains(&unknown(journey, file)), "{run:?}");
    }
    // What is named wins.
    let run = slo("check --offline -p orders --slo-toml slo.toml");
    assert!(run.out.contains(&unknown("at-root", "slo.toml")), "{run:?}");
    assert!(!run.out.contains("of-orders"), "{run:?}");
    // A folder of another package says nothing about this one.
    std::fs::remove_file(sandbox.path("quiet/slo.toml")).unwrap();
    let manifest = sandbox.path("quiet/Cargo.toml");
    let run = Sandbox::at(sandbox.path("orders")).slo_in(
        &format!("check --offline --manifest-path {}", manifest.display()),
        &variables,
    );
    assert!(!run.out.contains("of-orders") && run.code == 0, "{run:?}");
    // And `init` writes it where it is looked for.
    let run = slo("init --offline -p quiet").ok();
    assert!(run.err.contains("wrote quiet/slo.toml\n"), "{}", run.err);
    let again = slo("init --offline -p quiet");
    assert!(
        again.code == 2 && again.err.contains("is there already"),
        "{again:?}"
    );
}

/// A build script that reads such a variable would run again, and all that depends on it be built again.
#[test]
#[cfg(unix)]
fn cargo_is_told_nothing_of_the_package_of_the_command() {
    use std::os::unix::fs::PermissionsExt as _;

    let sandbox = Sandbox::new();
    let [cargo, seen] = ["cargo", "seen"].map(|name| sandbox.path(name));
    sandbox.write(
        "cargo",
        format!("#!/bin/sh\nenv > '{}'\nexit 1\n", seen.display()),
    );
    std::fs::set_permissions(&cargo, std::fs::Permissions::from_mode(0o755)).unwrap();
    let variables = [
        ("CARGO", cargo.to_str().unwrap()),
        ("CARGO_PKG_NAME", "cargo-slo"),
        ("CARGO_MANIFEST_DIR", "/nowhere"),
        ("CARGO_HOME", "/somewhere"),
    ];
    for command in ["list", "init --annotate --workspace"] {
        sandbox.slo_in(command, &variables).failed(&["failed"]);
        let seen = std::fs::read_to_string(&seen).unwrap();
        let of_package = |line: &&str| {
            ["CARGO_PKG", "CARGO_MANI"]
                .iter()
                .any(|of| line.starts_with(of))
        };
        assert_eq!(seen.lines().find(of_package), None, "{command}");
        assert!(seen.contains("CARGO_HOME=/somewhere"), "{command}: {seen}");
    }
}

#[test]
fn a_cargo_that_is_missing_is_told() {
    let sandbox = Sandbox::new();
    sandbox
        .slo_in("list", &[("CARGO", "/nowhere/cargo")])
        .failed(&["/nowhere/cargo", "can't be started"]);
}
