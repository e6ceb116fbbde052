//! What Sloth's rules make of the same counters.

use crate::{
    history::History,
    promtool::{Query, ask},
};
use std::process::Command;

const SPEC: &str = r#"version: "prometheus/v1"
service: orders
slos:
  - name: checkout
    objective: TARGET
    sli:
      events:
        error_query: sum(rate(slo_events_total{job="orders",slo_outcome="bad"}[{{.window}}]))
        total_query: sum(rate(slo_events_total{job="orders"}[{{.window}}]))
    alerting:
      name: Checkout
"#;

/// The error ratio over the window at the end, as Sloth's rules record it: NaN where it is
/// none. `None` if `SLO_SLOTH` does not name Sloth's program.
pub(crate) fn error_ratio(history: &History) -> Option<f64> {
    let sloth = std::env::var_os("SLO_SLOTH")?;
    let folder = tempfile::tempdir().unwrap();
    let [spec, rules] = ["spec.yaml", "rules.yaml"].map(|name| folder.path().join(name));
    let target = history.target.to_string();
    let content = SPEC.replace("TARGET", target.trim_end_matches('%'));
    std::fs::write(&spec, content).unwrap();
    let run = Command::new(&sloth)
        .arg("generate")
        .arg("--input")
        .arg(&spec)
        .arg("--out")
        .arg(&rules)
        .output();
    let run = run.unwrap_or_else(|error| panic!("{}: {error}", sloth.display()));
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let query = Query {
        expr: "sum(slo:sli_error:ratio_rate30d)",
        minute: history.minutes - 1,
    };
    let answers = ask(folder.path(), &history.series(), &[query]);
    Some(answers[0][""])
}
