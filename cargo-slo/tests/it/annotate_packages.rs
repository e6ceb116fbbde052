//! `init --annotate` in packages that have several programs, services of gRPC or earlier annotations.

use crate::{
    annotate::{annotated, manifest, service, write},
    fixtures::Sandbox,
};
use std::{collections::BTreeMap, fs};

/// A handler more, later: its journey is added to those that are there.
#[test]
fn a_later_run_adds_what_is_new() {
    let main = "use axum::{Router, routing::get};\nasync fn a() {}\nasync fn b() {}\n\
                fn main() { axum::serve(l, Router::new().route(\"/a\", get(a))); }\n";
    let sandbox = service(main);
    write(&sandbox).ok();
    let read = |name: &str| fs::read_to_string(sandbox.path(name)).unwrap();
    let (first, journeys) = (read("src/main.rs"), read("src/journeys.rs"));
    assert_eq!(
        write(&sandbox).ok().err,
        "no handler without an annotation was found, 1 had one already\n"
    );
    assert_eq!(
        (read("src/main.rs"), read("src/journeys.rs")),
        (first.clone(), journeys.clone())
    );
    sandbox.write(
        "src/main.rs",
        first.replace(
            ".route(\"/a\", get(a))",
            ".route(\"/a\", get(a)).route(\"/a/more\", get(b)).route(\"/c\", get(c))",
        ) + "async fn c() {}\n",
    );
    write(&sandbox).ok();
    let after = read("src/journeys.rs");
    assert!(after.starts_with(&journeys));
    assert_eq!(after.matches("pub(crate) const A:").count(), 1);
    assert_eq!(after.matches("pub(crate) const C:").count(), 1);
    assert!(read("src/main.rs").contains("journey = crate::journeys::A, route = \"GET /a/more\""));
    assert_eq!(read("src/main.rs").matches("mod journeys;").count(), 1);
    // A file that is something else is left alone.
    let other = service(main);
    other.write("src/journeys.rs", "mine");
    write(&other).ok();
    assert_eq!(
        fs::read_to_string(other.path("src/journeys.rs")).unwrap(),
        "mine"
    );
    assert!(
        fs::read_to_string(other.path("src/main.rs"))
            .unwrap()
            .contains("crate::slo_journeys::A")
    );
}

#[test]
fn programs_beside_each_other_and_packages_of_a_workspace() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"api\", \"run\"]\n",
    );
    sandbox.write("api/Cargo.toml", manifest("api", ""));
    sandbox.write("api/src/lib.rs", "pub mod http;\n");
    sandbox.write(
        "api/src/http.rs",
        "use axum::{Router, routing::get};\nmod not_here;\npub async fn shared() {}\npub fn routes() -> Router { Router::new().route(\"/shared\", get(shared)) }\n",
    );
    sandbox.write(
        "run/Cargo.toml",
        manifest(
            "run",
            "platform-api = { package = \"api\", path = \"../api\" }\n",
        )
        .replace(
            "slo-sdk =",
            "sdk = { package = \"slo-sdk\", version = \"0.1\" }\n#",
        ),
    );
    sandbox.write(
        "run/src/bin/one.rs",
        "use axum::{Router, routing::get};\n\nasync fn one() {}\n\nfn main() { axum::serve(l, Router::new().nest(\"/v2\", platform_api::http::routes()).route(\"/one\", get(one))); }\n",
    );
    sandbox.write("run/target/src/main.rs", "never read");
    let inner = Sandbox::at(sandbox.path("run"));
    let run = write(&inner);
    assert!(
        run.err
            .contains("a handler that is not annotated is in the package `api`"),
        "{}",
        run.err
    );
    assert!(
        run.err.contains("no file for `mod not_here`"),
        "{}",
        run.err
    );
    let one = fs::read_to_string(inner.path("src/bin/one.rs")).unwrap();
    assert!(
        one.starts_with("#[path = \"../journeys.rs\"]\nmod journeys;\n\nuse axum::"),
        "{one}"
    );
    assert!(
        one.contains("use sdk::slo;\n") && one.contains("route = \"GET /one\", crate = sdk)]"),
        "{one}"
    );
    let journeys = fs::read_to_string(inner.path("src/journeys.rs")).unwrap();
    assert!(
        journeys.contains("use sdk::{Journey, Objectives};"),
        "{journeys}"
    );
    let run = sandbox.slo("init --annotate --offline -p api");
    assert!(run.out.contains("+++ b/api/src/http.rs"), "{}", run.out);
    assert!(
        run.out.contains("route = \"GET /v2/shared\""),
        "{}",
        run.out
    );
    assert!(!run.out.contains("run/"), "{}", run.out);
    sandbox
        .slo("init --annotate --offline -p none")
        .failed(&["no package `none`", "api, run"]);
    sandbox
        .slo("init --openapi x")
        .failed(&["with `--annotate` only"]);
    for wrong in [
        "init --annotate -o x",
        "init --write",
        "init --annotate --force",
        "init --annotate --bin x",
    ] {
        assert_eq!(sandbox.slo(wrong).code, 2, "{wrong}");
    }
}

#[test]
fn methods_of_grpc() {
    let sandbox = service(
        "mod pb { tonic::include_proto!(\"shop.v1\"); }\nmod kept;\n\
         use pb::payments_server::Payments;\nstruct S;\n\
         #[tonic::async_trait]\nimpl Payments for S {\n    type ListStream = X;\n    async fn charge(&self) {}\n    async fn get_url(&self) {}\n    async fn odd(&self) {}\n}\n\
         #[tonic::async_trait]\nimpl kept::stock_server::Stock for S {\n    async fn count(&self) {}\n}\n\
         #[tonic::async_trait]\nimpl elsewhere::greeter_server::Greeter for S { async fn say_hello(&self) {} }\n\
         impl other_server::Other2 for S { fn no(&self) {} }\nfn main() {}\n",
    );
    sandbox.write(
        "src/kept.rs",
        "pub mod stock_server { pub trait Stock {} const A: &str = \"/w.Stock/Count\"; }\n",
    );
    sandbox.write(
        "proto/a.proto",
        "package shop.v1;\nservice Payments { rpc Charge(A) returns (B); rpc GetURL(A) returns (B); }\n",
    );
    sandbox.write(
        "proto/old/b.proto",
        "package shop.v0;\nservice Payments { rpc Odd(A) returns (B); }\n",
    );
    sandbox.write(
        "target/c.proto",
        "package no;\nservice Greeter { rpc SayHello(A) returns (B); }\n",
    );
    sandbox.write("slo.toml", "[coverage]\nroutes = [\"routes.txt\"]\n");
    sandbox.write(
        "routes.txt",
        "/hello.Greeter/SayHello\n/hello.Greeter/SayBye\nGET /lost\n",
    );
    let run = write(&sandbox);
    assert_eq!(run.code, 1, "{run:?}");
    let expected = [
        ("charge", Some("/shop.v1.Payments/Charge")),
        ("count", Some("/w.Stock/Count")),
        ("get_url", Some("/shop.v1.Payments/GetURL")),
        ("odd", None),
        ("say_hello", Some("/hello.Greeter/SayHello")),
    ];
    let expected: BTreeMap<_, _> = expected
        .into_iter()
        .map(|(name, route)| (name.to_owned(), vec![route.map(str::to_owned)]))
        .collect();
    assert_eq!(annotated(&sandbox), expected);
    for told in [
        "`odd` is annotated without a `route`: no `.proto` file",
        "`/hello.Greeter/SayBye` is offered",
        "`GET /lost` is offered",
        "--> routes.txt:3",
    ] {
        assert!(run.err.contains(told), "`{told}` is not in:\n{}", run.err);
    }
    assert!(!run.err.contains("SayHello` is offered"), "{}", run.err);
}
