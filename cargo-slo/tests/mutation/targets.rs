//! What is read: by which command, from which file, and what stands there before chance comes.

use crate::{
    fixtures::{Sandbox, endpoint, object, orders, record, repository, sentinel},
    repository::Repository,
    store::http,
};
use object::BinaryFormat;
use serde_json::json;
use std::fs;

/// Something that is read.
pub(crate) struct Target {
    pub(crate) command: String,
    pub(crate) input: Input,
    /// Inputs that are as they should be.
    pub(crate) seeds: Vec<Vec<u8>>,
}

/// Where it is read from.
pub(crate) enum Input {
    File(&'static str),
    Repository(Repository),
    Store,
}

/// Everything that is read, in a folder that holds what the commands need beside it.
pub(crate) fn all(sandbox: &Sandbox, store: &str) -> Vec<Target> {
    let fleet = repository("cargo-slo/tests/it/fleet");
    let of = |name: &str| fs::read(fleet.join(name)).unwrap();
    for name in ["orders.slo.json", "orders.toml"] {
        sandbox.write(name, of(name));
    }
    let tables = ["tiers", "burn-rates", "policies", "consumers", "vendors"];
    for table in tables {
        let name = format!("catalogue/{table}.toml");
        sandbox.write(&name, of(&name));
    }
    let export = "--export orders.slo.json";
    let written = sandbox.slo(&format!(
        "export {export} --slo-toml orders.toml --catalog catalogue"
    ));
    let check = format!("check {export}");
    let file = |command: String, file, seeds| Target {
        command,
        input: Input::File(file),
        seeds,
    };
    let mut all = vec![
        file("list --bin program".into(), "program", programs()),
        file(
            "check --export x.slo.json --slo-toml orders.toml --catalog catalogue".into(),
            "x.slo.json",
            ["orders", "search", "payments"]
                .map(|name| of(&format!("{name}.slo.json")))
                .into(),
        ),
        file(
            "generate prometheus openslo -o out --export y.slo.json".into(),
            "y.slo.json",
            vec![of("orders.slo.json")],
        ),
        file(
            "check --export z.slo.json".into(),
            "z.slo.json",
            vec![written.out.into_bytes()],
        ),
        file(
            format!("{check} --slo-toml facts.toml --catalog catalogue"),
            "facts.toml",
            ["orders", "mail", "stock"]
                .map(|name| of(&format!("{name}.toml")))
                .into(),
        ),
        file(
            format!("{check} --openapi api.yaml"),
            "api.yaml",
            openapi(&of("api/stock.yaml")),
        ),
        file(
            format!("{check} --gateway gateway.yaml"),
            "gateway.yaml",
            gateway(),
        ),
        file(
            format!("{check} --descriptors api.bin"),
            "api.bin",
            descriptors(),
        ),
        file(
            format!("{check} --routes routes.txt"),
            "routes.txt",
            vec![b"# all\nGET /a/{id}\n/pay.Payments/Pay\nPOST /orders #\n".to_vec()],
        ),
        file(
            format!("{check} --history history.json"),
            "history.json",
            vec![of("history.json")],
        ),
        file(
            format!("diff {export} --against rules.yaml"),
            "rules.yaml",
            rules(sandbox),
        ),
    ];
    for table in tables {
        let name = match table {
            "tiers" => "catalogue/tiers.toml",
            "burn-rates" => "catalogue/burn-rates.toml",
            "policies" => "catalogue/policies.toml",
            "consumers" => "catalogue/consumers.toml",
            _ => "catalogue/vendors.toml",
        };
        let command = format!("{check} --slo-toml orders.toml --catalog catalogue");
        all.push(file(command, name, vec![of(name)]));
    }
    let doc = format!("doc -o out --history none {export}");
    let (before, after) = (
        format!("{doc} --format markdown"),
        format!("{doc} --format markdown --check"),
    );
    sandbox.slo(&before).ok();
    let document = fs::read(sandbox.path("out/orders.slo.md")).unwrap();
    all.push(file(after, "out/orders.slo.md", vec![document]));
    for (folder, is_packed) in [("loose", false), ("packed", true)] {
        let repository = Repository::made(sandbox, folder, is_packed);
        all.push(Target {
            command: format!(
                "doc --history all --export {folder}/orders.slo.json --slo-toml {folder}/slo.toml"
            ),
            input: Input::Repository(repository),
            seeds: Vec::new(),
        });
    }
    for command in [
        format!("{check} --prometheus {store}"),
        format!("diff {export} --against {store}"),
    ] {
        all.push(Target {
            command,
            input: Input::Store,
            seeds: answers(),
        });
    }
    all
}

fn programs() -> Vec<Vec<u8>> {
    let sections: &[(&str, &[u8])] = &[(
        "slo_meta",
        &[sentinel(), record(&endpoint("cart"))].concat(),
    )];
    let mut all = vec![orders()];
    all.extend([BinaryFormat::MachO, BinaryFormat::Coff].map(|format| object(format, sections)));
    // Two programs in one file, as for two kinds of processors.
    let inner = object(BinaryFormat::MachO, sections);
    let length = u32::try_from(inner.len()).unwrap();
    let mut fat = Vec::new();
    for field in [
        0xcafe_babe,
        2,
        0x0100_0007,
        3,
        64,
        length,
        0,
        0x0100_000c,
        0,
        64,
        length,
        0,
    ] {
        fat.extend_from_slice(&u32::to_be_bytes(field));
    }
    fat.resize(64, 0);
    fat.extend_from_slice(&inner);
    all.push(fat);
    all
}

fn openapi(of_fleet: &[u8]) -> Vec<Vec<u8>> {
    let json = json!({
        "openapi": "3.1.0",
        "servers": [{"url": "https://{host}/api/{v}", "variables": {"v": {"default": "v2"}}}],
        "paths": {"/orders/{id}": {"get": {}, "\u{1F600}": {}}, "/a": {"$ref": "#/components/pathItems/a"}},
        "components": {"pathItems": {"a": {"post": {"servers": [{"url": "/own"}]}}}},
    });
    let aliases =
        "swagger: '2.0'\nbasePath: /old\nx: &a {get: &g {}, put: *g}\npaths:\n  /a: *a\n  /b: *a\n";
    vec![of_fleet.to_vec(), json.to_string().into(), aliases.into()]
}

fn gateway() -> Vec<Vec<u8>> {
    let routes = "kind: HTTPRoute\nspec:\n  rules:\n  - matches:\n    - path: {type: Exact, value: /a}\n      method: POST\n    filters:\n    - type: URLRewrite\n      urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /b}}\n    backendRefs: [{name: orders}]\n---\nkind: List\nitems:\n- kind: GRPCRoute\n  spec: {rules: [{matches: [{method: {service: p.P, method: M}}]}]}\n";
    vec![routes.into()]
}

fn descriptors() -> Vec<Vec<u8>> {
    use prost::Message;
    use prost_types::{
        FileDescriptorProto, FileDescriptorSet, MethodDescriptorProto, ServiceDescriptorProto,
    };
    let method = |name: &str| MethodDescriptorProto {
        name: Some(name.into()),
        ..Default::default()
    };
    let file = FileDescriptorProto {
        name: Some("p.proto".into()),
        package: Some("pay.v1".into()),
        service: vec![ServiceDescriptorProto {
            name: Some("Payments".into()),
            method: vec![method("Pay"), method("Refund")],
            ..Default::default()
        }],
        ..Default::default()
    };
    vec![FileDescriptorSet { file: vec![file] }.encode_to_vec()]
}

/// Rule files as they are generated, cut short to what takes little time.
fn rules(sandbox: &Sandbox) -> Vec<Vec<u8>> {
    let made = |output: &str| {
        let run = sandbox.slo(&format!("generate {output} --export orders.slo.json"));
        let lines = run.ok().out;
        lines.lines().take(150).collect::<Vec<_>>().join("\n")
    };
    let aliases = "x: &l {slo: a/b.c}\ngroups:\n- rules:\n  - {record: 'slo:x', expr: &e 'a + b', labels: *l}\n  - {alert: SloX, expr: *e, for: 5m, annotations: *l}\n";
    vec![
        made("prometheus").into(),
        made("prometheus-rule").into(),
        aliases.into(),
    ]
}

fn answers() -> Vec<Vec<u8>> {
    let labels = json!({"__name__": "slo_events_total", "job": "orders", "slo_journey": "checkout",
        "slo_endpoint": "cart", "slo_sli": "latency", "slo_threshold": "0.5", "slo_outcome": "good",
        "slo_hash": "0123", "slo_window": "30d", "le": "0.5", "slo_result": "ok"});
    let sample = json!({"metric": labels, "value": [1_777_600_000, "0.999"]});
    let series = json!({"metric": labels, "values": [[1_777_600_000, "12"], [1_777_686_400, "1e3"]],
        "value": [1, "2"]});
    let rule = json!({"name": "slo:objective:ratio", "query": "vector(0.999)", "duration": 300,
        "labels": {"slo": "orders/checkout.availability"}, "annotations": {"a": "b"}, "type": "recording"});
    let whole = |data| json!({"status": "success", "data": data}).to_string();
    let bodies = [
        whole(json!({"resultType": "vector", "result": [sample, sample]})),
        whole(json!({"resultType": "matrix", "result": [series]})),
        whole(json!({"groups": [{"name": "g", "rules": [rule, rule]}], "result": [series]})),
        json!({"status": "error", "errorType": "bad_data", "error": "no"}).to_string(),
    ];
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n14\r\n{\"status\":\"success\"}\r\n0\r\n\r\n";
    let mut all: Vec<_> = bodies.iter().map(|body| http(body.as_bytes())).collect();
    all.push(chunked.into());
    all
}
