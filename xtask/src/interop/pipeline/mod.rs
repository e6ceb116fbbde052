//! What processes counted, followed through real deployments into a Prometheus 3: by the rules
//! of both modes, event for event.
//!
//! A service and a job (`tests/pipeline`) run as real processes, a client writes down what was
//! answered, and the counts go straight to Prometheus, or through the official Collector
//! (`tests/judges/collector`) by remote write, scraped, or over OTLP from a queue on the disk.
//! Rows play side by side: rollouts, crashes, jobs, delays, outages ([`rows`]). At the end of
//! each, the minute counts and the counts of the window have to be what the client wrote down.
//! What a process that was killed had not exported is lost: exactly that, and the table says it.
//!
//! Beside them, `cargo slo status --pipeline` has to find what is planted in ways of its own, and to leave
//! nothing behind ([`checks`]; their word is `checks`).
//!
//! `cargo xtask interop pipeline` and `cargo xtask pipeline` let a minute pass in five seconds
//! ([`Pace`]); `cargo xtask pipeline --unscaled` takes real ones, and about half an hour. A word
//! more plays only the rows whose names hold it. What ran is in `target/interop/pipeline`:
//! configurations, rules, logs.

mod checks;
mod link;
mod replica;
mod rows;
mod rules;
mod setting;
mod stage;
mod verdict;

use super::parts::pace::Pace;
use crate::Outcome;
use checks::Checks;
use rows::Row;
use setting::{Programs, Setting};
use stage::{Stage, Way};
use std::{
    env,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread::{self, sleep},
    time::{Duration, Instant},
};
use verdict::Verdict;

/// A minute in five seconds, as CI has it.
const QUICK: Pace = Pace::minute_in_seconds(5);

/// The judge among others.
pub(super) fn judge() -> Outcome {
    play("pipeline", QUICK, Pace::minute_in_seconds(1), None)
}

/// The task of its own.
pub(crate) fn run() -> Outcome {
    let (mut is_real, mut wanted) = (false, None);
    for argument in env::args().skip(2) {
        match argument.as_str() {
            "--unscaled" => is_real = true,
            _ => wanted = Some(argument),
        }
    }
    let wanted = wanted.as_deref();
    match is_real {
        // The memory of rules is an hour, which even this has no time for.
        true => play(
            "pipeline-unscaled",
            Pace::REAL,
            Pace::minute_in_seconds(10),
            wanted,
        ),
        false => play("pipeline", QUICK, Pace::minute_in_seconds(1), wanted),
    }
}

/// A row on a way into stores.
struct Scene<'a> {
    way: &'static str,
    through: Way<'a>,
    pace: Pace,
    row: Row,
}

fn play(folder: &str, pace: Pace, faster: Pace, wanted: Option<&str>) -> Outcome {
    let started = Instant::now();
    let programs = Programs::build(folder)?;
    let setting = Setting::prepare(&programs, pace, faster)?;
    let mut scenes = setting.scenes();
    if let Some(wanted) = wanted {
        scenes.retain(|scene| scene.row.name.contains(wanted) || scene.way.contains(wanted));
    }
    // Checks are commands of their own, with stores of their own.
    let checks = match wanted.is_none_or(|wanted| "checks".contains(wanted)) {
        true => Some(Checks::prepare(&programs)?),
        false => None,
    };
    if !scenes.is_empty() {
        setting.start()?;
    }
    eprintln!(
        "  pipeline: {} rows, after {:.0} s",
        scenes.len(),
        started.elapsed().as_secs_f64()
    );
    let played = AtomicUsize::new(0);
    let failures: Vec<_> = thread::scope(|scope| {
        let checked = checks
            .as_ref()
            .map(|checks| scope.spawn(|| checks.play(&programs)));
        let threads: Vec<_> = scenes
            .iter()
            .enumerate()
            .map(|(place, scene)| {
                let (programs, played, count) = (&programs, &played, scenes.len());
                scope.spawn(move || {
                    // Not all processes at once, and not all phases alike.
                    sleep(Duration::from_millis(150) * u32::try_from(place).unwrap_or(0));
                    let namespace = format!("row-{place}");
                    let result = judged(scene, &namespace, programs);
                    let done = played.fetch_add(1, Relaxed) + 1;
                    let title = format!("{:<20} {:<32}", scene.way, scene.row.name);
                    match &result {
                        Ok(shown) => eprintln!("  {done:>3}/{count} ok    {title} {shown}"),
                        Err(why) => eprintln!("  {done:>3}/{count} WRONG {title} {why}"),
                    }
                    result.err().map(|_| title)
                })
            })
            .collect();
        let ended = threads.into_iter().map(thread::ScopedJoinHandle::join);
        let mut failures: Vec<_> = ended
            .filter_map(|ended| ended.unwrap_or(Some("a row panicked".to_owned())))
            .collect();
        let checked = checked.map(thread::ScopedJoinHandle::join);
        failures.extend(match checked {
            Some(Ok(Ok(failures))) => failures,
            Some(Ok(Err(why))) => vec![why],
            Some(Err(_)) => vec!["a check panicked".to_owned()],
            None => Vec::new(),
        });
        failures
    });
    eprintln!("  pipeline: {:.0} s", started.elapsed().as_secs_f64());
    match failures.len() {
        0 => Ok(()),
        wrong => Err(format!(
            "{wrong} of {} rows and of the checks are wrong",
            scenes.len()
        )),
    }
}

/// Plays a row, and says what its stores made of it.
fn judged(scene: &Scene<'_>, namespace: &str, programs: &Programs) -> Result<String, String> {
    let starter = programs.starter(namespace);
    let mut stage = Stage::new(scene.pace, &scene.through, starter)?;
    (scene.row.play)(&mut stage)?;
    let ledger = stage.ledger;
    let mut title = format!("{} good, {} bad", ledger.good, ledger.bad);
    if ledger.lost > 0 {
        title += &format!(", {} lost before they were exported", ledger.lost);
    }
    let mut verdicts = Vec::new();
    for (name, store) in &scene.through.stores {
        verdicts.push(Verdict::awaited(
            name, store, namespace, ledger, scene.pace,
        )?);
    }
    // What is right stays right: nothing is counted again.
    sleep(scene.pace.minutes(2.2));
    for ((name, store), verdict) in scene.through.stores.iter().zip(&mut verdicts) {
        *verdict = Verdict::now(name, store, namespace, ledger)?;
    }
    stage.links_are_well()?;
    let shown: Vec<_> = verdicts.iter().map(ToString::to_string).collect();
    let shown = format!("{title}; {}", shown.join("; "));
    match verdicts.iter().all(Verdict::is_right) {
        true => Ok(shown),
        false => Err(shown),
    }
}
