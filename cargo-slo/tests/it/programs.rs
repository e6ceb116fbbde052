//! Who a program is: by its own word, by cargo's, or by its file.

use crate::{
    build::KEEP,
    fixtures::{Run, Sandbox, elf, endpoint, frame, orders, record, repository, sentinel},
};
use serde_json::json;

/// The record of a service's name.
fn service(name: &str, file: &str) -> Vec<u8> {
    let source = json!({
        "package": "orders", "version": "1.2.3", "module": "orders", "function": "", "file": file,
        "line": 3,
    });
    let payload = json!({"name": name, "source": source}).to_string();
    frame(1, 2, payload.as_bytes())
}

fn named(name: &str) -> Vec<u8> {
    elf(&[
        &sentinel(),
        &service(name, "src/main.rs"),
        &record(&endpoint("cart")),
    ])
}

#[test]
fn a_program_says_what_its_service_is_called() {
    let sandbox = Sandbox::new();
    sandbox.write("server", named("orders"));
    let list = |options: &str| {
        sandbox
            .slo(&format!("list --bin server {options}"))
            .ok()
            .out
    };
    assert!(list("").starts_with("orders: 1 journey"), "{}", list(""));
    let renamed = list("--service shop");
    assert!(renamed.starts_with("shop: 1 journey"), "{renamed}");

    // Its export has the name, and the program's own where that is another.
    let export = sandbox.slo("export --bin server --service shop").ok().out;
    let export: serde_json::Value = serde_json::from_str(&export).unwrap();
    assert_eq!(
        (&export["service"], &export["declared"]["name"]),
        (&json!("shop"), &json!("orders"))
    );

    // Copies of the record are one: several crates of a program may hold it.
    let copies = [&named("orders")[..], &named("orders")].concat();
    sandbox.write("copies", copies);
    assert!(
        sandbox
            .slo("list --bin copies")
            .ok()
            .out
            .starts_with("orders: ")
    );
}

#[test]
fn two_names_are_an_error_that_says_where_they_are() {
    let sandbox = Sandbox::new();
    let both = [
        &sentinel()[..],
        &service("orders", "src/main.rs"),
        &service("stock", "src/lib.rs"),
    ];
    sandbox.write("server", elf(&both));
    sandbox.slo("list --bin server").failed(&[
        "the program gives its service two names",
        "`orders` by",
        "src/main.rs:3",
        "`stock` by",
        "src/lib.rs:3",
    ]);
}

#[test]
fn a_name_that_no_service_can_have_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("server", named("../orders"));
    let run = sandbox.slo("list --bin server");
    run.failed(&["no service can have this name", "(`../orders`)"]);
}

/// A `slo.toml` is about the service that the program says, whatever `--service` calls it.
#[test]
fn facts_follow_the_name_in_the_program() {
    let sandbox = Sandbox::new();
    sandbox.write("server", named("orders"));
    sandbox.write(
        "facts.toml",
        "service = \"orders\"\n[traffic]\n\"gone\" = \"5/day\"\n",
    );
    let check = |options: &str| {
        sandbox.slo(&format!(
            "check --bin server --slo-toml facts.toml {options}"
        ))
    };
    for options in ["", "--service shop"] {
        let run = check(options);
        assert!(run.out.contains("called `gone`"), "{run:?}");
        assert!(!run.out.contains("service-name-differs"), "{run:?}");
    }
    // One that is about the service that the deployment makes of it does not agree.
    sandbox.write("facts.toml", "service = \"shop\"\n");
    let run = check("--service shop");
    assert_eq!(run.code, 1, "{run:?}");
    for words in [
        "error[service-name-differs]",
        "facts.toml:1:11",
        "calls the service `shop`, its program `orders`",
    ] {
        assert!(run.out.contains(words), "{words} in {run:?}");
    }
    check("").failed(&[
        "no service `shop` was read",
        "`--service shop`",
        "service!(\"shop\")",
    ]);
}

#[test]
fn a_program_without_counts_is_an_error() {
    let sandbox = Sandbox::new();
    let off = frame(1, 0, br#"{"sdk":"0.1.0","off":true}"#);
    sandbox.write("server", elf(&[&off]));
    sandbox.write("orders", orders());
    for options in ["server", "orders server"] {
        for command in ["list", "check", "generate prometheus"] {
            sandbox.slo(&format!("{command} --bin {options}")).failed(&[
                "server",
                "its feature `off`",
                "cargo tree -e features -i slo-sdk",
            ]);
        }
    }
}

/// What a module of WebAssembly holds is read; what is made of modules says what it is.
#[test]
fn a_component_of_webassembly_says_what_it_is() {
    let sandbox = Sandbox::new();
    sandbox.write("component.wasm", b"\0asm\x0d\0\x01\0\0\0\0\0");
    sandbox
        .slo("list --bin component.wasm")
        .failed(&["it looks like a WebAssembly component", "name the module"]);
}

/// A workspace of packages: the name, what else its manifest says, the file and its code.
fn workspace(packages: &[(&str, &str, &str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new();
    let members: Vec<_> = packages.iter().map(|(name, ..)| *name).collect();
    sandbox.write(
        "Cargo.toml",
        format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n"),
    );
    let model = repository("slo-model");
    for (name, more, file, code) in packages {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{more}\n\
             [dependencies.slo-model]\npath = {model:?}\n"
        );
        sandbox.write(&format!("{name}/Cargo.toml"), manifest);
        let code = format!("#![allow(unused_macros)]\n{KEEP}\n{code}\n");
        sandbox.write(&format!("{name}/{file}"), code);
    }
    sandbox
}

fn built(sandbox: &Sandbox, arguments: &str) -> Run {
    let target = sandbox.path("target");
    let variables = [
        ("CARGO_TARGET_DIR", target.to_str().unwrap()),
        ("CARGO_TERM_COLOR", "never"),
        ("CARGO_TERM_QUIET", "true"),
    ];
    sandbox.slo_in(&format!("{arguments} --offline"), &variables)
}

#[test]
fn two_packages_of_one_program_are_an_error() {
    const SERVER: &str = "[[bin]]\nname = \"server\"\npath = \"src/main.rs\"";
    const PROGRAM: &str = "sentinel!();\nendpoint!(\"cart\");\nfn main() {}";
    let sandbox = workspace(&[
        ("one", SERVER, "src/main.rs", PROGRAM),
        ("two", SERVER, "src/main.rs", PROGRAM),
    ]);
    let run = built(&sandbox, "list");
    assert_eq!((run.code, &*run.out), (2, ""), "{run:?}");
    for words in [
        "`one` and `two` both build `server`",
        "`-p one`, then `-p two`",
    ] {
        assert!(run.err.contains(words), "{words} in {run:?}");
    }
    let one = built(&sandbox, "list -p one").ok();
    assert!(one.out.starts_with("server: 1 journey"), "{one:?}");
}

/// A package with this name and feature stands for the SDK: it leaves the record that tells.
#[test]
fn whoever_asks_for_off_is_named() {
    const SDK: &str = "\n[dependencies.slo-sdk]\npath = \"../slo-sdk\"\n";
    const PROGRAM: &str = "fn main() { slo_sdk::used() }";
    let asks = format!("{SDK}features = [\"off\"]");
    let by_feature = format!("[features]\ndefault = [\"bare\"]\nbare = [\"slo-sdk/off\"]\n{SDK}");
    let sandbox = workspace(&[
        (
            "slo-sdk",
            "[features]\noff = []",
            "src/lib.rs",
            "keep!(slo_model::record::sentinel_len(\"0.0.0\", cfg!(feature = \"off\")), \
             slo_model::record::encode_sentinel(\"0.0.0\", cfg!(feature = \"off\")));\n\
             pub fn used() {}",
        ),
        ("svc", SDK, "src/main.rs", PROGRAM),
        ("bench", &asks, "src/main.rs", PROGRAM),
        ("tool", &by_feature, "src/main.rs", PROGRAM),
    ]);
    for command in ["list", "check"] {
        let run = built(&sandbox, command);
        assert_eq!((run.code, &*run.out), (2, ""), "{run:?}");
        for words in [
            "its feature `off`",
            "`bench` asks for the feature `off` of slo-sdk, in bench/Cargo.toml",
            "`tool` asks for the feature `off` of slo-sdk by its feature `bare`, in tool/Cargo.toml",
            "`-p svc`",
        ] {
            assert!(run.err.contains(words), "{words} in {run:?}");
        }
        assert!(!run.err.contains("`svc` asks"), "{run:?}");
    }
    let alone = built(&sandbox, "list -p svc").ok();
    assert_eq!(alone.out, "svc: no SLOs declared\n");
}
