//! Both engines side by side.
//!
//! Budgets agree within 1 % of what is spent, or within one event; alerts begin and end in the
//! same evaluation or the one beside it. Where the long or the short window stands so close to
//! its threshold that the same 1 % or one event decides, either answer is right. While nothing is
//! heard of a service, the rules may be silent.

use crate::{
    history::{History, MINUTE, minute},
    promtool::{Answer, Query, ask},
    replay::{Alert, Engine, Timeline},
    rules,
};
use cargo_slo::outputs::Mode;
use slo_model::{budget::Counts, burn_rate::Scaling};
use std::{
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    time::Duration,
};

const LEFT: &str = r#"sum(slo:error_budget_left:ratio{slo="orders/checkout.availability"})"#;
const FIRING: &str = r#"count by (slo_window_tier) (ALERTS{alertname="SloErrorBudgetBurn",alertstate="firing",slo="orders/checkout.availability"})"#;

/// How often the budget is compared, in minutes; alerts are at every evaluation.
const EVERY: usize = 7;

/// Without a sample for so long, a service is not heard any more.
const UNHEARD: Duration = Duration::from_secs(15 * 60);

/// So many differences of a history are shown; the others are like them.
const SHOWN: usize = 8;

/// How both engines saw a history.
#[derive(Debug)]
pub(crate) struct Comparison {
    /// What is left of the budget in the end: from the events, and from the rules.
    pub(crate) left: (f64, Option<f64>),
    /// How many events there were.
    pub(crate) events: u64,
    /// The evaluations at which an alert fired, by the events.
    pub(crate) firing: usize,
    /// Everything that differs.
    pub(crate) differences: Vec<String>,
}

/// Plays histories through both engines, as many at once as there are processors, shows what
/// they say and panics where they differ.
pub(crate) fn compare_all(histories: &[(String, History, Mode)]) -> Vec<Comparison> {
    let next = AtomicUsize::new(0);
    let work = || {
        let taken = std::iter::from_fn(|| histories.get(next.fetch_add(1, Relaxed)));
        let compared = taken.map(|case @ (_, history, mode)| (case, compare(history, *mode)));
        compared.collect::<Vec<_>>()
    };
    let mut all: Vec<_> = std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let results = threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap());
        results.collect()
    });
    all.sort_by_key(|((name, ..), _)| histories.iter().position(|(other, ..)| other == name));
    println!(
        "history                    rules      target     minutes  events     left, events  left, rules  firing  differ"
    );
    let mut wrong = Vec::new();
    for ((name, history, mode), compared) in &all {
        let mode = format!("{mode:?}");
        let promised = format!("{} {}", history.target, history.window);
        let (events, rules) = compared.left;
        let rules = rules.map_or("none".to_owned(), |left| format!("{left:.6}"));
        println!(
            "{name:<26} {mode:<10} {promised:<11} {:>6}  {:<10} {events:<13.6} {rules:<12} {:>6}  {:>6}",
            history.minutes,
            compared.events,
            compared.firing,
            compared.differences.len()
        );
        let differences = compared.differences.iter().take(SHOWN);
        wrong.extend(differences.map(|what| format!("{name}, {mode}: {what}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    all.into_iter().map(|(_, compared)| compared).collect()
}

/// Plays a history through both engines.
fn compare(history: &History, mode: Mode) -> Comparison {
    let folder = tempfile::tempdir().unwrap();
    let evaluated = rules::write(history, mode, folder.path());
    let last = history.minutes - 1;
    let queries: Vec<_> = (0..history.minutes)
        .flat_map(|minute| {
            let is_compared = minute % EVERY == 0 || minute == last;
            let budget = is_compared.then_some(Query { expr: LEFT, minute });
            let firing = Query {
                expr: FIRING,
                minute,
            };
            budget.into_iter().chain([firing])
        })
        .collect();
    let answers = ask(folder.path(), &history.series(), &queries);
    let by = |expr: &str| -> Vec<(usize, &Answer)> {
        let all = queries.iter().zip(&answers);
        let these = all.filter(|(query, _)| query.expr == expr);
        these
            .map(|(query, answer)| (query.minute, answer))
            .collect()
    };
    let (left, firing) = (by(LEFT), by(FIRING));

    let events = history.timeline();
    let alerts = alerts(history);
    let engine = Engine {
        events: &events,
        target: history.target,
        window: minute(usize::from(history.window.length_days()) * 1440),
        alerts: &alerts,
    };
    let moments: Vec<_> = engine.run(MINUTE, minute(last)).collect();

    // The rules may say nothing then, but nothing wrong, and another alert says why. At the
    // start they need a second sample.
    let is_unheard = |at: usize| at == 0 || !events.is_known(UNHEARD, minute(at));
    let mut differences = Vec::new();
    for &(at, answer) in &left {
        let near = at.saturating_sub(evaluated.budget)..=(at + evaluated.budget).min(last);
        let near = near.map(|at| moments[at].counts);
        let said = answer.get("").copied();
        if !(is_budget(said, near, history) || said.is_none() && is_unheard(at)) {
            let counts = moments[at].counts;
            differences.push(format!("minute {at}: {said:?} left, events are {counts:?}"));
        }
    }
    for alert in &alerts {
        let tier = tier(alert);
        let every = evaluated.alerts[&tier];
        let surely: Vec<_> = (0..=last)
            .map(|at| fires(alert, &events, at, Less))
            .collect();
        let maybe: Vec<_> = (0..=last)
            .map(|at| fires(alert, &events, at, More))
            .collect();
        for &(at, answer) in &firing {
            let near = at.saturating_sub(every)..=(at + every).min(last);
            let fires = answer.contains_key(&tier);
            let is_right = match fires {
                true => maybe[near].contains(&true),
                false => surely[near].contains(&false) || is_unheard(at),
            };
            if !is_right {
                let verb = if fires { "fires" } else { "is silent" };
                differences.push(format!("minute {at}: {tier} {verb}"));
            }
        }
    }
    Comparison {
        left: (
            moments[last]
                .budget_left(history.target)
                .unwrap_or(f64::NAN),
            left.last().and_then(|(_, answer)| answer.get("").copied()),
        ),
        events: events.within(minute(history.minutes), minute(last)).valid(),
        firing: moments
            .iter()
            .filter(|moment| moment.firing.contains(&true))
            .count(),
        differences,
    }
}

fn alerts(history: &History) -> Vec<Alert> {
    let conditions = Scaling::KeepWindows.conditions(history.window);
    let can_fire = conditions
        .into_iter()
        .filter(|c| c.can_fire(history.target));
    can_fire
        .map(|condition| Alert {
            condition,
            target: history.target,
            is_guarded: true,
        })
        .collect()
}

/// True where what the rules say is between the budgets of these evaluations, or so close.
fn is_budget(
    said: Option<f64>,
    near: impl Iterator<Item = Option<Counts>>,
    history: &History,
) -> bool {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for counts in near {
        let Some(counts) = counts else {
            // Nothing was heard yet, or is any longer.
            if said.is_none() {
                return true;
            }
            continue;
        };
        let left = |counts: Counts| counts.budget_left(history.target);
        low = low.min(left(tolerate(counts, More)));
        high = high.max(left(tolerate(counts, Less)));
    }
    said.is_some_and(|said| (low - 1e-9..=high + 1e-9).contains(&said))
}

/// Which way a count may be wrong.
#[derive(Clone, Copy)]
enum Tolerance {
    More,
    Less,
}
use Tolerance::{Less, More};

/// One percent or one bad event more or less, whichever is more.
fn tolerate(Counts { good, bad }: Counts, way: Tolerance) -> Counts {
    let tolerance = (bad / 100).max(1);
    match way {
        // One event can't be worse than bad.
        More => Counts {
            good: good.saturating_sub(tolerance),
            bad: (bad + tolerance).min(good + bad),
        },
        Less => Counts {
            good: good + tolerance.min(bad),
            bad: bad.saturating_sub(tolerance),
        },
    }
}

fn fires(alert: &Alert, events: &Timeline, at: usize, way: Tolerance) -> bool {
    let counts = |window| tolerate(events.within(window, minute(at)), way);
    alert.fires_on(counts(alert.long()), counts(alert.short()))
}

fn tier(alert: &Alert) -> String {
    match alert.condition.long_minutes / 60 {
        hours if hours.is_multiple_of(24) => format!("{}d", hours / 24),
        hours => format!("{hours}h"),
    }
}
