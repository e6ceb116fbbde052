//! Why nothing comes.

use super::{otlp::Signal, state::Known};

/// Returns what may be missing where a program exported nothing that is counted, the likeliest first.
/// `variable` gives those of its environment.
pub(super) fn diagnosis(
    known: &Known,
    refused: usize,
    variable: impl Fn(&str) -> Option<String>,
) -> Vec<String> {
    let mut causes = Vec::new();
    let is = |name: &str, value: &str| {
        variable(name).is_some_and(|set| set.trim().eq_ignore_ascii_case(value))
    };
    if is("OTEL_SDK_DISABLED", "true") {
        causes.push("OTEL_SDK_DISABLED is true, so it exports nothing; unset it".to_owned());
    }
    if is("OTEL_METRICS_EXPORTER", "none") {
        causes.push("OTEL_METRICS_EXPORTER is none, so it exports nothing; unset it".to_owned());
    }
    if refused > 0 {
        causes.push("what it sent was refused; the page says why and what mends it".to_owned());
    } else if known.came[Signal::Metrics as usize] {
        causes.push(
            "metrics came, but none of slo-sdk: does the program that came have an #[slo], and is \
             slo-sdk built without its feature `off`?"
                .to_owned(),
        );
    } else if known.came[Signal::Logs as usize] || known.came[Signal::Traces as usize] {
        causes.push(
            "logs or traces came, but no metrics: does `main` call slo_sdk::init(), and keep what \
             it returns?"
                .to_owned(),
        );
    }
    if causes.is_empty() {
        causes.extend(
            [
                "is it built and running by now?",
                "does its `main` call `slo_sdk::init()`, and keep what it returns: \
                 `let _slo = slo_sdk::init();`?",
                "has slo-sdk its feature `otlp`, and not `off`?",
                "does it read its environment: no `env -i`, no container between it and this command?",
                "does it set its endpoint in its code, which counts more than variables?",
            ]
            .map(str::to_owned),
        );
    }
    causes
}
