//! How much of a service is annotated, by every kind of file that lists its endpoints, and what
//! happens where such a file is damaged or made to hurt.

use crate::fixtures::{Run, Sandbox, elf, endpoint, record, repository, sentinel};
use proptest::prelude::*;
use prost::Message;
use serde_json::Value;
use std::time::{Duration, Instant};

/// A service with the endpoints `POST /place-order/{id}`, `POST /cart/{id}` and one of gRPC.
fn service() -> Sandbox {
    let sandbox = Sandbox::new();
    let mut pay = endpoint("pay");
    pay["route"] = "/pay.v1.Payments/Pay".into();
    let records = [endpoint("place-order"), endpoint("cart"), pay].map(|one| record(&one));
    let records: Vec<_> = std::iter::once(sentinel()).chain(records).collect();
    let records: Vec<&[u8]> = records.iter().map(|record| &**record).collect();
    sandbox.write("orders", elf(&records));
    sandbox
}

/// What the rules about coverage found, as `rule on line: message`.
fn found(run: &Run) -> Vec<String> {
    let findings = run
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    findings
        .filter_map(|finding: Value| {
            let rule = finding["rule"].as_str().unwrap();
            let is_ours = [
                "endpoint-not-annotated",
                "route-not-offered",
                "unused-ignore",
            ];
            let location = &finding["location"];
            is_ours.contains(&rule).then(|| {
                let message = finding["message"].as_str().unwrap();
                let name = message.split('`').nth(1).unwrap();
                format!(
                    "{rule} {}:{} {name}",
                    location["file"].as_str().unwrap(),
                    location["line"]
                )
            })
        })
        .collect()
}

fn check(sandbox: &Sandbox, more: &str) -> Run {
    let run = sandbox.slo(&format!("check --format json --bin orders {more}"));
    assert!(run.code < 2, "{run:?}");
    run
}

/// A descriptor set with `pay.v1.Payments/Pay` and `/Refund`.
fn descriptors() -> Vec<u8> {
    let method = |name: &str| prost_types::MethodDescriptorProto {
        name: Some(name.into()),
        ..Default::default()
    };
    let file = prost_types::FileDescriptorProto {
        name: Some("pay.proto".into()),
        package: Some("pay.v1".into()),
        service: vec![prost_types::ServiceDescriptorProto {
            name: Some("Payments".into()),
            method: vec![method("Pay"), method("Refund")],
            ..Default::default()
        }],
        ..Default::default()
    };
    prost_types::FileDescriptorSet { file: vec![file] }.encode_to_vec()
}

#[test]
fn every_kind_of_file_lists_endpoints() {
    let sandbox = service();
    sandbox.write(
        "openapi.json",
        "{\"openapi\": \"3.0.3\",\n\"info\": {\"title\": \"\\ud83d\\ude00\"},\n\"paths\": {\n\
         \"\\/cart\\/{cartId}\": {\"post\": {}},\n\"\\/place-order\\/{id}\": {\"post\": {},\n\"get\": {}}}}",
    );
    sandbox.write("api.bin", descriptors());
    sandbox.write(
        "routes.txt",
        "POST /cart/:id\nPOST /place-order/{id}\nGET /healthz\n/pay.v1.Payments/*\n",
    );
    sandbox.write(
        "routes.yaml",
        "kind: HTTPRoute\nspec:\n  rules:\n  - matches: [{path: {value: /shop/cart}}]\n    \
         backendRefs: [{name: orders}]\n---\nkind: GRPCRoute\nspec:\n  rules:\n  - matches:\n    \
         - method: {service: pay.v1.Refunds}\n    backendRefs: [{name: orders}]\n",
    );
    let run = check(&sandbox, "--openapi openapi.json");
    // It says nothing of gRPC.
    assert_eq!(
        found(&run),
        ["endpoint-not-annotated openapi.json:6 GET /place-order/{id}"]
    );
    assert!(
        run.err
            .ends_with("orders: 2 of 3 endpoints are annotated, 66%\n"),
        "{}",
        run.err
    );
    let run = check(&sandbox, "--openapi openapi.json --descriptors api.bin");
    assert_eq!(
        found(&run),
        [
            "endpoint-not-annotated openapi.json:6 GET /place-order/{id}",
            "endpoint-not-annotated api.bin:null /pay.v1.Payments/Refund"
        ]
    );
    let text =
        "openapi: 3.0.0\npaths:\n  /carts/{id}: {post: {}}\n  /place-order/{id}: {post: {}}\n";
    sandbox.write("other.yaml", text);
    let run = check(&sandbox, "--openapi other.yaml --descriptors api.bin");
    assert_eq!(
        found(&run),
        [
            "endpoint-not-annotated api.bin:null /pay.v1.Payments/Refund",
            "route-not-offered src/api.rs:42 cart"
        ]
    );
    let run = check(&sandbox, "--routes routes.txt");
    assert_eq!(
        found(&run),
        ["endpoint-not-annotated routes.txt:3 GET /healthz"]
    );
    // What stands in `slo.toml` counts together with what the command line names.
    sandbox.write(
        "slo.toml",
        "[coverage]\ngateway = ['routes.yaml']\nprefix = '/shop'\nignore = [\n\
         { route = '/healthz', reason = 'r' },\n{ route = '/pay.v1.Refunds/*', reason = 'r' },\n\
         { route = '/metrics', reason = 'r' }]\n",
    );
    let run = check(&sandbox, "--routes routes.txt");
    assert_eq!(found(&run), ["unused-ignore slo.toml:7 /metrics"]);
    assert!(
        run.err
            .ends_with("orders: 4 of 4 endpoints are annotated, 100%\n"),
        "{}",
        run.err
    );
}

/// What users don't call is an endpoint only where a handler is annotated for it, whatever file lists
/// it, and whether it does.
#[test]
fn preflights_are_nobodys_in_every_kind_of_file() {
    for method in ["OPTIONS", "HEAD", "TRACE", "DELETE"] {
        let is_call = method == "DELETE";
        let key = method.to_lowercase();
        for is_annotated in [false, true] {
            let sandbox = Sandbox::new();
            let mut records = vec![sentinel(), record(&endpoint("cart"))];
            if is_annotated {
                let mut claimed = endpoint("claimed");
                claimed["route"] = format!("{method} /cart/{{id}}").into();
                records.push(record(&claimed));
            }
            let records: Vec<&[u8]> = records.iter().map(|record| &**record).collect();
            sandbox.write("orders", elf(&records));
            sandbox.write("r.txt", format!("POST /cart/:id\n{method} /cart/:id\n"));
            sandbox.write("bare.txt", "POST /cart/:id\n");
            sandbox.write(
                "o.yaml",
                format!(
                    "openapi: 3.0.0\npaths:\n  /cart/{{i}}:\n    post: {{}}\n    {key}: {{}}\n"
                ),
            );
            sandbox.write(
                "g.yaml",
                format!(
                    "kind: HTTPRoute\nspec:\n  rules:\n  - matches:\n    - path: {{type: Exact, value: \
                     '/cart/{{id}}'}}\n      method: {method}\n    - path: {{type: Exact, value: \
                     '/cart/{{id}}'}}\n      method: POST\n    backendRefs: [{{name: orders}}]\n"
                ),
            );
            for file in [
                "--routes r.txt",
                "--openapi o.yaml",
                "--gateway g.yaml",
                "--routes bare.txt",
            ] {
                let found = found(&check(&sandbox, file));
                let is_listed = !file.ends_with("bare.txt");
                let expected = is_call && is_listed != is_annotated;
                assert_eq!(!found.is_empty(), expected, "{method} {file}: {found:?}");
            }
        }
    }
}

/// What a compiler of protobuf writes for the example shop, with and without where it stands.
#[test]
fn descriptors_of_a_compiler() {
    let sandbox = service();
    let proto = repository("examples/shop/payments/proto/shop.proto");
    let folder = proto.parent().unwrap();
    let text = std::fs::read_to_string(&proto).unwrap();
    let line = text
        .lines()
        .position(|line| line.trim().starts_with("rpc "));
    let line = line.unwrap() + 1;
    for (with_source, place) in [
        (true, format!("shop.proto:{line}")),
        (false, "api.bin:null".to_owned()),
    ] {
        let mut compiler = protox::Compiler::new([folder]).unwrap();
        compiler
            .include_source_info(with_source)
            .include_imports(true);
        compiler.open_file("shop.proto").unwrap();
        sandbox.write("api.bin", compiler.encode_file_descriptor_set());
        let run = check(&sandbox, "--descriptors api.bin");
        let found = found(&run);
        assert!(
            found[0].starts_with(&format!("endpoint-not-annotated {place} /shop.")),
            "{found:?}"
        );
    }
}

#[test]
fn the_line_of_a_missing_endpoint_is_shown() {
    let sandbox = service();
    sandbox.write(
        "api.yaml",
        "openapi: 3.1.0\npaths:\n  /carts/{id}:\n    post: {}\n  /stock:\n    get: {}\n",
    );
    let run = sandbox.slo("check --bin orders --openapi api.yaml");
    let shown = "\
warning[endpoint-not-annotated]: orders: `GET /stock` has no annotation: nothing is promised to those who call it
  --> api.yaml:6:5
   |
 6 |     get: {}
   |     ^^^
   = note: 0 of 2 endpoints are annotated, 0%
   = help: annotate what serves it: `#[slo(journey = …, route = \"GET /stock\")]`
   = help: or ignore it under `[coverage]`: `ignore = [{ route = \"GET /stock\", reason = \"…\" }]`
";
    assert!(run.out.contains(shown), "{}", run.out);
    let meant = "change: did you mean `POST /carts/{id}` (api.yaml:4)?";
    assert!(run.out.contains(meant), "{}", run.out);
}

/// What may be annotated is never called what is not.
#[test]
fn an_annotation_without_a_route_can_not_be_compared() {
    let sandbox = Sandbox::new();
    let mut records = vec![sentinel()];
    for name in ["get-pet", "list-pets", "nightly"] {
        let mut record = endpoint(name);
        record.as_object_mut().unwrap().remove("route");
        if name == "nightly" {
            record["per"] = "call".into();
        }
        records.push(crate::fixtures::record(&record));
    }
    records.push(record(&endpoint("cart")));
    let records: Vec<&[u8]> = records.iter().map(|record| &**record).collect();
    sandbox.write("orders", elf(&records));
    sandbox.write(
        "api.yaml",
        "openapi: 3.0.3\npaths:\n  /pets/{id}: {get: {}}\n  /pets: {post: {}}\n  \
         /cart/{id}: {post: {}}\n  /other: {get: {operationId: listPets}}\n",
    );
    let run = sandbox.slo("check --bin orders --openapi api.yaml");
    let shown = "\
warning[endpoint-not-annotated]: orders: whether 3 of 4 endpoints are annotated can't be told: 2 annotations say no `route`
  --> api.yaml:3:16
   |
 3 |   /pets/{id}: {get: {}}
   |                ^^^
   = note: no annotation is called like `POST /pets`
   = help: `list-pets` probably serves `GET /other`: write `route = \"GET /other\"` in its annotation
   = help: `get-pet` probably serves `GET /pets/{id}`: write `route = \"GET /pets/{id}\"` in its annotation
";
    assert!(run.out.contains(shown), "{}", run.out);
    for never in ["nothing is promised", "has no annotation", "25%"] {
        assert!(
            !run.out.contains(never) && !run.err.contains(never),
            "{run:?}"
        );
    }
    assert!(
        run.err.ends_with(
            "orders: 1 of 4 endpoints are known to be annotated; 3 can't be compared: 2 annotations \
             say no `route`\n"
        ),
        "{}",
        run.err
    );
    assert!(
        run.out
            .contains("help: add `route = \"GET /pets/{id}\"`, if that is what it serves"),
        "{}",
        run.out
    );
    // What an export keeps gives the same advice.
    sandbox.write("slo.toml", "[coverage]\nopenapi = ['api.yaml']\n");
    sandbox.slo("export -o out --bin orders").ok();
    let exported = sandbox.slo("check --export out/orders.slo.json");
    assert!(
        exported
            .out
            .contains("`list-pets` probably serves `GET /other`"),
        "{}",
        exported.out
    );
}

#[test]
fn routes_of_gateways_are_endpoints_where_they_lead_to_a_service() {
    let sandbox = service();
    let rules = "http:\n  - match: [{uri: {prefix: /cart/}}]\n    route: [{destination: {host: orders}}]\n  \
                 - match: [{uri: {exact: /place-order/best}}]\n    redirect: {uri: /}\n  - match: [{uri: \
                 {prefix: /stock}}]\n    route: [{destination: {host: stock}}]\n";
    sandbox.write(
        "mesh.yaml",
        format!("kind: VirtualService\nspec:\n  {rules}"),
    );
    let run = check(&sandbox, "--gateway mesh.yaml");
    assert_eq!(
        found(&run),
        [
            "endpoint-not-annotated mesh.yaml:8 /stock*",
            "route-not-offered src/api.rs:42 place-order",
        ]
    );
    sandbox.write(
        "slo.toml",
        "[coverage]\ngateway = ['mesh.yaml']\nbackend = 'orders'\n",
    );
    let run = check(&sandbox, "");
    assert_eq!(found(&run), ["route-not-offered src/api.rs:42 place-order"]);
    // It is a whole path of the gateway that the prefix starts with.
    sandbox.write(
        "slo.toml",
        "[coverage]\ngateway = ['mesh.yaml']\nignore = [{ route = '/stock*', reason = 'r' }]\n",
    );
    assert_eq!(found(&check(&sandbox, "")).len(), 1);
    sandbox.write(
        "nginx.conf",
        "server {\n  location /cart/ { proxy_pass http://orders; }\n}\n",
    );
    sandbox
        .slo("check --bin orders --gateway nginx.conf")
        .failed(&[
            "routes of nginx are not read",
            "--> nginx.conf:1",
            "`routes`",
        ]);
}

#[test]
fn files_that_are_missing_or_something_else() {
    let sandbox = service();
    sandbox.write(
        "slo.toml",
        "[coverage]\nopenapi = ['none.yaml']\nroutes = ['orders']\n",
    );
    sandbox.slo("check --bin orders").failed(&[
        "none.yaml: there is no such file",
        "slo.toml:2:12",
        "relative to the folder of this file",
        "not valid UTF-8",
    ]);
    sandbox.write(
        "slo.toml",
        "[coverage]\nignore = [{ route = 'healthz', reason = 'r' }]\n",
    );
    sandbox
        .slo("check --bin orders")
        .failed(&["`healthz` is not a route", "slo.toml:2:21"]);
    sandbox.write("slo.toml", "");
    sandbox.write("stock", elf(&[&sentinel()]));
    sandbox.write("routes.txt", "GET /a\n");
    std::fs::remove_file(sandbox.path("slo.toml")).unwrap();
    sandbox
        .slo("check --bin orders stock --routes routes.txt")
        .failed(&["describe one service", "`[coverage]`"]);
    sandbox
        .slo("check --bin orders --routes .")
        .failed(&["directory"]);
    sandbox
        .slo("check --bin orders --openapi routes.txt")
        .failed(&["not an OpenAPI description"]);
    sandbox
        .slo("check --bin orders --gateway routes.txt")
        .failed(&["no routes that are known", "HTTPRoute", "`routes`"]);
    sandbox
        .slo("check --bin orders --descriptors routes.txt")
        .failed(&["not a descriptor set"]);
}

/// Short files that ask for more than anybody has, and long ones: an error in bounded time.
#[test]
fn files_that_are_made_to_hurt() {
    let sandbox = service();
    let mut bomb = String::from("openapi: 3.0.0\na0: &a0 [{url: /x}, {url: /x}]\n");
    for n in 1..60 {
        bomb += &format!("a{n}: &a{n} [*a{0}, *a{0}, *a{0}, *a{0}]\n", n - 1);
    }
    bomb += "servers: *a59\npaths:\n  /cart: {post: {servers: *a0}}\n";
    let item = "{get: {}, put: {}, post: {}, delete: {}, patch: {}, query: {}}";
    let mut many = format!(
        "openapi: 3.0.0\nservers: [{}]\nx: &i {item}\npaths:\n",
        "{url: /s},".repeat(40)
    );
    for n in 0..100_000 {
        many += &format!("  /p{n}: *i\n");
    }
    let servers = "{url: '/{v}/x'},".repeat(51);
    let rules = "  - *r\n".repeat(100_000);
    let references: String = (0..60_000)
        .map(|n| format!("  /p{n}: {{$ref: '#/components/p{}'}}\n", n % 50_000))
        .collect();
    let components: String = (0..50_000).map(|n| format!("  p{n}: {{}}\n")).collect();
    let kong = format!(
        "_format_version: '3.0'\nroutes:\n- methods: [{}]\n  service: {{name: a}}\n  paths: [{}'/a']\n\
         services: [{{name: a}}]\n",
        "GET, ".repeat(19_000),
        "'~/a', ".repeat(19_000),
    );
    let rewrite = "{urlRewrite: {path: {replaceFullPath: /a}}}, ".repeat(19_000);
    let rewrites = format!(
        "kind: HTTPRoute\nspec:\n  rules:\n  - filters: [{rewrite}]\n    backendRefs: [{{name: a}}]\n    \
         matches: [{}]\n",
        "{path: {value: /a}}, ".repeat(19_000)
    );
    let mut chains = String::from("c0: &c0 {filters: []}\n");
    for n in 1..9 {
        chains += &format!("c{n}: &c{n} [{}]\n", format!("*c{}, ", n - 1).repeat(100));
    }
    chains += "v: &v {domains: ['*'], routes: [{match: {safe_regex: {}}, route: {cluster: a}}]}\n";
    chains += &format!("vs: &vs [{}]\n", "*v, ".repeat(15_000));
    chains += &format!(
        "virtual_hosts: *vs\nresources: [{}]\n",
        "{virtual_hosts: *vs}, ".repeat(100)
    );
    let long = format!("openapi: 3.0.0\nx: '{}'\n", "x".repeat(33 << 20));
    let cases = [
        ("openapi", bomb.as_str(), ""),
        ("openapi", &many, "more than 200000 routes"),
        (
            "openapi",
            &format!("openapi: 3.0.0\nservers: [{servers}]"),
            "more than 50 `servers`",
        ),
        (
            "openapi",
            &format!("openapi: 3.0.0\npaths:\n{references}components:\n{components}"),
            "describes no endpoint",
        ),
        ("openapi", &"[".repeat(1_000_000), "recursion limit"),
        ("openapi", &"- ".repeat(1_000_000), "200 deep"),
        ("openapi", &"{\"a\":".repeat(100_000), "not YAML or JSON"),
        (
            "openapi",
            "openapi: 3.0.0\npaths: &p {/a: *p}",
            "within what it names",
        ),
        ("openapi", &long, "longer than 32 MiB"),
        (
            "gateway",
            &format!("x: &r {{}}\nkind: HTTPRoute\nspec:\n  rules:\n{rules}"),
            "more than 20000",
        ),
        ("gateway", &kong, ""),
        ("gateway", &rewrites, "more than 32 rewrites"),
        ("gateway", &chains, "more than 500000 items"),
        (
            "routes",
            &format!("GET /{}", "a/".repeat(1_000_000)),
            "more than 1000 bytes",
        ),
    ];
    for (kind, text, words) in cases {
        sandbox.write("file", text);
        let start = Instant::now();
        let run = sandbox.slo(&format!("check --bin orders --{kind} file"));
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{words}: {:?}",
            start.elapsed()
        );
        if words.is_empty() {
            assert!(run.code < 2, "{}", run.err);
        } else {
            run.failed(&[words]);
        }
    }
}

const OPENAPI: &str = "\
openapi: 3.1.0
servers: &s
  - url: https://{host}/v{n}
    variables: {n: {default: '1'}}
paths:
  /cart/{id}: &cart
    post: {servers: *s}
    $ref: '#/components/pathItems/a'
  \"/place-order/{id}\": {post: {}}
components:
  pathItems: {a: *cart}
";

/// A file with every kind of gateway in it.
const GATEWAYS: &str = "\
kind: HTTPRoute
spec: {rules: [&r {matches: [{path: {value: /a}}], filters: [&f {urlRewrite: {path: {replaceFullPath: /b}}}], backendRefs: [{name: a}]}]}
---
kind: Ingress
metadata: {annotations: {nginx.ingress.kubernetes.io/rewrite-target: /$2}}
spec: {rules: [{http: {paths: [{path: '/a(/|$)(.*)', backend: {service: {name: a}}}]}}]}
---
kind: VirtualService
spec: {http: [{match: [{uri: {prefix: /a}}], rewrite: {uri: /}, route: [{destination: {host: a.b}}]}]}
---
_format_version: '3.0'
services: [{name: a, url: 'http://a/b', routes: [{paths: [/a, '~/b'], methods: [GET]}]}]
---
virtual_hosts: [{routes: [{match: {prefix: /a}, route: {cluster: a, prefix_rewrite: /}}, {match: {path: /b}, redirect: {}}]}]
---
kind: IngressRoute
";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    /// Whatever is changed in a file, reading it ends with what it lists or with an error.
    #[test]
    fn any_change_is_read_or_refused(at: usize, length in 0..20_usize, new in "[ -~\n]{0,8}", byte: u8) {
        use cargo_slo::input::api::{ApiFiles, Kind, read};
        let folder = tempfile::tempdir().unwrap();
        let mut set = descriptors();
        let place = at % set.len();
        set[place] = byte;
        set.truncate(set.len() - length.min(set.len()));
        let start = at % OPENAPI.len();
        let end = (start + length).min(OPENAPI.len());
        let text = format!("{}{new}{}", &OPENAPI[..start], &OPENAPI[end..]);
        let start = at % GATEWAYS.len();
        let end = (start + length).min(GATEWAYS.len());
        let gateways = format!("{}{new}{}", &GATEWAYS[..start], &GATEWAYS[end..]);
        for (kind, bytes) in [
            (Kind::OpenApi, text.as_bytes()),
            (Kind::Gateway, text.as_bytes()),
            (Kind::Gateway, gateways.as_bytes()),
            (Kind::Routes, text.as_bytes()),
            (Kind::Descriptors, &set),
        ] {
            let path = folder.path().join("file");
            std::fs::write(&path, bytes).unwrap();
            let files = ApiFiles { files: vec![(kind, path, None)], backend: None, ..ApiFiles::default() };
            match read(&files) {
                Ok(api) => prop_assert!(!api.endpoints.is_empty() || api.incomparable > 0),
                Err(errors) => prop_assert_eq!(errors.len(), 1),
            }
        }
    }
}
