//! `diff --against ruler+…`: the rules of a tenant of Mimir or Cortex.

use crate::{
    fixtures::{Sandbox, orders},
    servers::{Answer, Server},
};
use serde_json::{Value, json};
use std::fs;

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    sandbox
        .slo("generate prometheus -o rules --bin orders")
        .ok();
    sandbox
}

/// The groups of a file in a namespace, beside one of others.
fn answered(sandbox: &Sandbox) -> Value {
    let text = fs::read_to_string(sandbox.path("rules/orders.prometheus.yaml")).unwrap();
    let file: Value = serde_norway::from_str(&text).unwrap();
    json!({
        "orders": file["groups"],
        "others": [{"name": "up", "interval": "1m", "source_tenants": ["a"], "rules": [
            {"record": "up:sum", "expr": "sum(up)"},
            {"record": "slo:objective:ratio", "expr": "vector(0.9)", "labels": {"slo": "payments/charge.availability"}},
        ]}],
    })
}

fn ruler(answer: Answer) -> Server {
    let answer = std::sync::Mutex::new(Some(answer));
    Server::new(move |head| {
        assert!(
            head.starts_with("GET /prometheus/config/v1/rules "),
            "{head}"
        );
        assert!(
            head.to_lowercase().contains("x-scope-orgid: shop"),
            "{head}"
        );
        answer.lock().unwrap().take().unwrap()
    })
}

fn diff(sandbox: &Sandbox, server: &Server, what: &str) -> crate::fixtures::Run {
    let address = server.url();
    sandbox.slo_in(
        &format!(
            "diff --against {} --bin orders",
            what.replace("URL", &address)
        ),
        &[("CARGO_SLO_HEADERS", "X-Scope-OrgID: shop")],
    )
}

#[test]
fn namespaces_hold_groups() {
    let sandbox = sandbox();
    let yaml = serde_norway::to_string(&answered(&sandbox)).unwrap();
    for what in [
        "ruler+URL/prometheus",
        "ruler+URL/prometheus/config/v1/rules",
        "URL/prometheus/config/v1/rules",
    ] {
        let server = ruler(Answer::ok(&yaml));
        let run = diff(&sandbox, &server, what).ok();
        assert_eq!(run.err, "nothing differs\n");
    }
    let changed = yaml.replace("vector(0.999)", "vector(0.99)");
    let run = diff(
        &sandbox,
        &ruler(Answer::ok(changed)),
        "ruler+URL/prometheus",
    );
    assert_eq!(run.code, 1);
    let words =
        "target of orders/checkout.availability 99% → 99.9%: budget 7 h 12 min → 43 min a month";
    assert!(run.out.starts_with(words), "{}", run.out);
    assert!(!run.out.contains("payments"), "{}", run.out);
}

#[test]
fn a_tenant_without_rules_lacks_them_all() {
    let sandbox = sandbox();
    let none = Answer::of("404 Not Found", "no rule groups found\n");
    let run = diff(&sandbox, &ruler(none), "ruler+URL/prometheus");
    assert_eq!(run.code, 1);
    assert!(
        run.out
            .contains("rules of orders/checkout.availability and 2 others: missing"),
        "{}",
        run.out
    );
}

#[test]
fn whatever_else_it_answers_is_an_error_that_says_what_to_do() {
    let sandbox = sandbox();
    for (answer, words) in [
        (
            Answer::of("401 Unauthorized", "no org id"),
            ["401 Unauthorized", "X-Scope-OrgID"],
        ),
        (
            Answer::of("404 Not Found", "404 page not found"),
            ["404 Not Found", "before `/config/v1/rules`"],
        ),
        (
            Answer::ok("<html>log in</html>"),
            ["these are not rules", "/config/v1/rules"],
        ),
        (
            Answer::ok(answered(&sandbox)).truncated(),
            ["the response is not the rules of a tenant", "help"],
        ),
    ] {
        diff(&sandbox, &ruler(answer), "ruler+URL/prometheus").failed(&words);
    }
}
