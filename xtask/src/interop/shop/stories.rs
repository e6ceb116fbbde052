//! What people want to know at night: who spent the budget.

use super::{budgets::Budgets, ledger::Ledger, services::PODS};
use serde_json::Value;

/// The part of a split of the last episode.
fn part<'v>(status: &'v Value, kind: &str, name: &str) -> Option<&'v Value> {
    let splits = status["spent"][0]["by"].as_array()?;
    let split = splits.iter().find(|split| split["kind"] == kind)?;
    let parts = split["parts"].as_array()?;
    parts.iter().find(|part| part["name"] == name)
}

/// Something is told, and told as it is.
fn told(text: &str, line: &str) -> Result<(), String> {
    match text.contains(line) {
        true => Ok(()),
        false => Err(format!("`{line}` is not told:\n{text}")),
    }
}

/// A cache died in a service two hops away, half of a budget is spent, and nobody was woken up.
pub(super) fn dead_cache(budgets: &Budgets<'_>, slow: u64) -> Result<(), String> {
    for (slo, dependency) in [
        (
            "shop-gateway/checkout.latency",
            "shop-orders/checkout/place-order.latency",
        ),
        (
            "shop-orders/checkout/place-order.latency",
            "shop-payments/checkout/charge.latency",
        ),
    ] {
        let status = budgets.explained(slo)?;
        let left = status["budget"]["left-share"].as_f64().unwrap_or(1.0);
        if !(0.0..=0.5).contains(&left) || status["policy"]["then"] != "review" {
            return Err(format!("{slo}: {left} is left: {status:#}"));
        }
        let dependencies = status["spent"][0]["dependencies"].as_array();
        let found = dependencies
            .into_iter()
            .flatten()
            .find(|found| found["slo"] == dependency);
        if found.is_none_or(|found| found["bad"] != slow) {
            return Err(format!("{slo} does not name {dependency}: {status:#}"));
        }
        let text = budgets.text(&["--explain", slo])?;
        told(
            &text,
            &format!("dependency {dependency}: {slow} bad in the same minutes"),
        )?;
        told(&text, "policy at 50% left: review")?;
    }
    Ok(())
}

/// A consumer asked one process for more than it takes on, and its neighbours paid.
pub(super) fn noisy_neighbour(
    budgets: &Budgets<'_>,
    ledger: &Ledger,
    consumer: &str,
) -> Result<(), String> {
    let slo = "shop-gateway/checkout.availability";
    let key = (slo.to_owned(), consumer.to_owned());
    let its = ledger.consumers.get(&key).copied().unwrap_or(0);
    let all = ledger.slos.get(slo).map_or(0, |events| events.bad);
    let status = budgets.explained(slo)?;
    if status["spent"][0]["bad"] != all {
        return Err(format!("{all} were bad: {status:#}"));
    }
    for (kind, name, bad) in [
        ("consumer", consumer, its),
        ("instance", PODS[1], all),
        ("endpoint", "checkout", all),
        ("result", "server_error", all),
    ] {
        if part(&status, kind, name).is_none_or(|part| part["bad"] != bad) {
            return Err(format!("{bad} were those of {kind} {name}: {status:#}"));
        }
    }
    let text = budgets.text(&["--explain", slo])?;
    told(&text, &format!("consumer {consumer}: {its} bad, "))?;
    told(&text, &format!("instance {}: {all} bad, ", PODS[1]))
}

/// A process of the job was killed in the midst of a run: everybody knows that this one is not counted.
pub(super) fn killed_job(budgets: &Budgets<'_>, failed: u64) -> Result<(), String> {
    let slo = "shop-settlement/settlement.availability";
    let status = budgets.explained(slo)?;
    let ends = &status["unclean-ends"];
    if (ends["processes"].as_u64(), ends["events"].as_u64()) != (Some(1), Some(1)) {
        return Err(format!("{slo} has no unclean end: {status:#}"));
    }
    let episodes = status["spent"].as_array().into_iter().flatten();
    let bad: u64 = episodes.filter_map(|episode| episode["bad"].as_u64()).sum();
    if bad != failed {
        return Err(format!("{failed} runs failed: {status:#}"));
    }
    let text = budgets.text(&["--explain", slo])?;
    told(
        &text,
        "unclean ends: 1 process ended in the last 24 h with 1 event in flight",
    )
}
