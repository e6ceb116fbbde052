//! Commands that ask systems.

use crate::{
    fixtures::{Run, Sandbox},
    servers::{Answer, Server},
    status::sandbox as of_status,
};
use serde_json::json;

/// What no system may get to see that is not believed.
pub(crate) const SECRET: &str = "s3cret";

/// Every command that asks, with `URL` where the address of the system stands.
pub(crate) const COMMANDS: [&str; 6] = [
    "status --prometheus URL --at 2026-11-29T14:30:00Z --bin orders",
    "gate --prometheus URL --at 2026-11-29T14:30:00Z main/orders.slo.json",
    "check --prometheus URL --bin orders",
    "diff --against URL --bin orders",
    "diff --against ruler+URL --bin orders",
    "diff --against grafana+URL --bin orders",
];

/// A program and its export, with the certificate of an authority in `ca.pem`.
pub(crate) fn sandbox(ca: &str) -> Sandbox {
    let sandbox = of_status();
    sandbox.slo("export -o main --bin orders").ok();
    sandbox.write("ca.pem", ca);
    sandbox
}

/// What answers all of them: nothing was counted, and nothing is deployed.
pub(crate) fn system() -> Server {
    Server::new(|head| {
        let path = head.split([' ', '?']).nth(1).unwrap();
        match path {
            "/config/v1/rules" => Answer::ok("{}"),
            "/api/search" => Answer::ok("[]"),
            "/api/v1/rules" => Answer::ok(json!({"status": "success", "data": {"groups": []}})),
            "/api/v1/query" => Answer::ok(
                json!({"status": "success", "data": {"resultType": "vector", "result": []}}),
            ),
            "/api/v1/query_range" => Answer::ok(
                json!({"status": "success", "data": {"resultType": "matrix", "result": []}}),
            ),
            _ => Answer::of("404 Not Found", json!({"message": "unknown"})),
        }
    })
}

/// Runs a command with secrets in its environment, and no other settings than these.
pub(crate) fn ask(sandbox: &Sandbox, command: &str, url: &str, more: &str) -> Run {
    ask_in(sandbox, command, url, more, &[])
}

/// The same with these variables.
pub(crate) fn ask_in(
    sandbox: &Sandbox,
    command: &str,
    url: &str,
    more: &str,
    variables: &[(&str, &str)],
) -> Run {
    let authorization = format!("Authorization: Bearer {SECRET}");
    let mut all = vec![
        ("CARGO_SLO_HEADERS", &*authorization),
        ("GRAFANA_TOKEN", SECRET),
        ("DD_API_KEY", SECRET),
        ("DD_APP_KEY", SECRET),
        ("HTTPS_PROXY", ""),
        ("https_proxy", ""),
        ("NO_PROXY", "*"),
    ];
    all.extend(variables);
    sandbox.slo_in(&format!("{} {more}", command.replace("URL", url)), &all)
}
