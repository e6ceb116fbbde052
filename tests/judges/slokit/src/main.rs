//! Has slokit read a service's Sloth specification and its OpenSLO file, validate both and make
//! rules of them: it has to find the same SLOs in both, with the same targets and events.

use slokit::{
    generate::{GenerateOptions, generate_all},
    spec::{Spec, openslo},
};
use std::{collections::BTreeSet, env, fs, process::ExitCode};

fn main() -> ExitCode {
    let pairs: Vec<String> = env::args().skip(1).collect();
    let mut failed = pairs.is_empty() || !pairs.len().is_multiple_of(2);
    for pair in pairs.chunks_exact(2) {
        match judge(&pair[0], &pair[1]) {
            Ok(count) => eprintln!("  {}: {count} SLOs, read alike from both", pair[0]),
            Err(why) => {
                eprintln!("{} and {}: {why}", pair[0], pair[1]);
                failed = true;
            }
        }
    }
    ExitCode::from(u8::from(failed))
}

fn judge(sloth: &str, openslo: &str) -> Result<usize, String> {
    let read = |path: &str| fs::read_to_string(path).map_err(|error| format!("{path}: {error}"));
    let of_sloth = Spec::from_yaml(&read(sloth)?).map_err(|error| error.to_string())?;
    let of_openslo = openslo::from_yaml(&read(openslo)?).map_err(|error| error.to_string())?;
    let [of_openslo] = &*of_openslo.specs else {
        return Err("not one service".to_owned());
    };
    if of_sloth.service != of_openslo.service {
        return Err(format!("{} is {}", of_sloth.service, of_openslo.service));
    }
    let (one, other) = (facts(&of_sloth)?, facts(of_openslo)?);
    if one != other {
        return Err(format!("{one:#?} is not {other:#?}"));
    }
    Ok(one.len())
}

/// Target and events of every SLO, after slokit has made its rules of them.
fn facts(spec: &Spec) -> Result<BTreeSet<(String, String, String)>, String> {
    spec.validate().map_err(|error| error.to_string())?;
    let specs = std::slice::from_ref(spec);
    let rules = generate_all(specs, &GenerateOptions::default());
    let rules = rules.map_err(|error| error.to_string())?;
    let text = rules.to_prometheus_yaml().map_err(|e| e.to_string())?;
    for slo in &spec.slos {
        if !text.contains(&slo.name) {
            return Err(format!("no rules for {}", slo.name));
        }
    }
    let facts = spec.slos.iter().map(|slo| {
        let events = slo.sli.events.as_ref().ok_or("an SLO without events")?;
        let objective = slo.objective.to_string();
        Ok((
            objective,
            selector(&events.error_query)?,
            selector(&events.total_query)?,
        ))
    });
    facts.collect()
}

/// The selector of a query: `sum(rate(THIS[…]))`. One format wants a rate and the other a
/// count, and their ratio is the same.
fn selector(query: &str) -> Result<String, String> {
    let inner = query.trim().strip_prefix("sum(");
    let inner = inner.and_then(|q| q.strip_prefix("rate(").or(q.strip_prefix("increase(")));
    let inner = inner.and_then(|q| q.strip_suffix("[{{.window}}]))"));
    inner
        .map(str::to_owned)
        .ok_or(format!("unknown query: {query}"))
}
