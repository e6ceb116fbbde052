//! The rows: what happens to processes, Collectors and stores. All times are minutes of the
//! rules.

use super::{
    replica::{Ledger, Replica},
    stage::Stage,
};
use crate::interop::parts::store::Store;
use std::time::Duration;

/// What a row plays.
pub(super) type Play = Box<dyn Fn(&mut Stage<'_>) -> Result<(), String> + Send + Sync>;

/// A row: a name, and what it plays.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) play: Play,
}

fn row(
    name: impl Into<String>,
    play: impl Fn(&mut Stage<'_>) -> Result<(), String> + Send + Sync + 'static,
) -> Row {
    Row {
        name: name.into(),
        play: Box::new(play),
    }
}

/// What every way into a store has to stand.
pub(super) fn everyday() -> Vec<Row> {
    vec![
        row("three replicas", |stage| served(stage, 3, 6.0)),
        row("rolling deploy", rolling),
        row("scaled up and down", scaled_up_and_down),
        row("crash loop", crash_loop),
        row("restarts under one id", restarts_under_one_id),
        row("two one-run jobs a minute", one_run_jobs),
        row("jobs killed midway", killed_jobs),
        row("collector 14 s late", |stage| late(stage, 14.0 / 60.0)),
        row("collector 3 min late", |stage| late(stage, 3.0)),
    ]
}

/// What differs in how often processes export, and how long that takes to arrive.
pub(super) fn delays() -> Vec<Row> {
    let mut rows = Vec::new();
    for seconds in [0, 3, 10, 30, 60, 90] {
        rows.push(row(
            format!("exports arrive {seconds} s late"),
            move |stage| {
                let delay = stage.pace.scaled(Duration::from_secs(seconds));
                let delay = if seconds == 0 { Duration::ZERO } else { delay };
                stage.link(delay)?.open()?;
                rolling(stage)
            },
        ));
    }
    // Some arrive at any moment of an evaluation, also between two of its rules.
    rows.push(row("exports every 1 s, 30 s late", |stage| {
        let delay = stage.pace.scaled(Duration::from_secs(30));
        stage.link(delay)?.open()?;
        stage.export_every(1.0 / 60.0);
        served(stage, 5, 4.0)
    }));
    for seconds in [1, 5, 15, 120] {
        rows.push(row(format!("exports every {seconds} s"), move |stage| {
            stage.export_every(f64::from(seconds) / 60.0);
            rolling(stage)
        }));
    }
    rows
}

/// The stores are away for some minutes.
pub(super) fn store_away(minutes: f64) -> Row {
    row(format!("store away for {minutes} min"), move |stage| {
        let mut replicas = stage.replicas(2)?;
        stage.traffic(&mut replicas, 2.0)?;
        stage.stores(Store::stop)?;
        stage.traffic(&mut replicas, minutes / 2.0)?;
        // These end before anybody can know what they counted.
        roll(stage, &mut replicas)?;
        stage.jobs(&[true, false])?;
        stage.traffic(&mut replicas, minutes / 2.0)?;
        stage.stores(Store::start)?;
        stage.traffic(&mut replicas, 2.0)?;
        Stage::stop(replicas)
    })
}

/// The Collector is away for some minutes; processes live on.
pub(super) fn collector_away(minutes: f64) -> Row {
    row(format!("collector away for {minutes} min"), move |stage| {
        let mut replicas = stage.replicas(2)?;
        stage.traffic(&mut replicas, 2.0)?;
        stage.collector()?.stop()?;
        stage.traffic(&mut replicas, minutes)?;
        stage.collector()?.start()?;
        stage.traffic(&mut replicas, 2.0)?;
        Stage::stop(replicas)
    })
}

/// The store is away, and the Collector is started again on its queue.
pub(super) fn queue_on_disk() -> Row {
    row("store away, collector restarted", |stage| {
        let mut replicas = stage.replicas(2)?;
        stage.traffic(&mut replicas, 2.0)?;
        stage.stores(Store::stop)?;
        stage.traffic(&mut replicas, 2.0)?;
        roll(stage, &mut replicas)?;
        stage.jobs(&[true, false])?;
        stage.collector()?.stop()?;
        stage.traffic(&mut replicas, 1.0)?;
        stage.collector()?.start()?;
        stage.traffic(&mut replicas, 1.0)?;
        stage.stores(Store::start)?;
        stage.traffic(&mut replicas, 2.0)?;
        Stage::stop(replicas)
    })
}

/// Evaluations that are skipped: the store hangs, or reads its rules again.
pub(super) fn skipped() -> Row {
    row("evaluations skipped", |stage| {
        let mut replicas = stage.replicas(2)?;
        for pause in [1.2, 2.5] {
            stage.traffic(&mut replicas, 1.5)?;
            stage.stores(|store| store.signal("STOP"))?;
            let played = stage.traffic(&mut replicas, pause);
            stage.stores(|store| store.signal("CONT"))?;
            played?;
            roll(stage, &mut replicas)?;
            stage.traffic(&mut replicas, 0.7)?;
            stage.stores(|store| store.signal("HUP"))?;
        }
        stage.traffic(&mut replicas, 1.0)?;
        Stage::stop(replicas)
    })
}

/// A store that is new, and processes that began before the memory of its rules: what they
/// counted before is not in it.
pub(super) fn new_store_on_old_processes() -> Row {
    row("new store, old processes", |stage| {
        let mut replicas = stage.replicas(2)?;
        stage.traffic(&mut replicas, 65.0)?;
        stage.stores(Store::replace)?;
        stage.wait(6.0);
        stage.ledger = Ledger::default();
        stage.traffic(&mut replicas, 15.0)?;
        Stage::stop(replicas)
    })
}

/// A store that is new, and processes that began within the memory of its rules: all of it.
pub(super) fn new_store_on_young_processes() -> Row {
    row("new store, young processes", |stage| {
        let mut replicas = stage.replicas(2)?;
        stage.traffic(&mut replicas, 20.0)?;
        stage.stores(Store::replace)?;
        stage.traffic(&mut replicas, 15.0)?;
        Stage::stop(replicas)
    })
}

fn served(stage: &mut Stage<'_>, count: usize, minutes: f64) -> Result<(), String> {
    let mut replicas = stage.replicas(count)?;
    stage.traffic(&mut replicas, minutes)?;
    Stage::stop(replicas)
}

/// A new process for the oldest one, which ends when the new one serves.
fn roll(stage: &mut Stage<'_>, replicas: &mut Vec<Replica>) -> Result<(), String> {
    replicas.push(stage.starter.replica()?);
    replicas.remove(0).stop()
}

pub(super) fn rolling(stage: &mut Stage<'_>) -> Result<(), String> {
    let mut replicas = stage.replicas(3)?;
    stage.traffic(&mut replicas, 3.0)?;
    for _ in 0..3 {
        roll(stage, &mut replicas)?;
        stage.traffic(&mut replicas, 0.4)?;
    }
    stage.traffic(&mut replicas, 2.0)?;
    Stage::stop(replicas)
}

fn scaled_up_and_down(stage: &mut Stage<'_>) -> Result<(), String> {
    let mut replicas: Vec<Replica> = Vec::new();
    for count in [1, 4, 2, 5, 1] {
        while replicas.len() > count {
            replicas.remove(0).stop()?;
        }
        while replicas.len() < count {
            replicas.push(stage.starter.replica()?);
        }
        stage.traffic(&mut replicas, 1.2)?;
    }
    Stage::stop(replicas)
}

/// Each ends right after it began, before its first export is due.
fn crash_loop(stage: &mut Stage<'_>) -> Result<(), String> {
    for requests in [1, 7, 0, 13, 2, 30, 6, 12, 1, 9] {
        let mut replica = stage.starter.replica()?;
        for _ in 0..requests {
            replica.ask(&mut stage.ledger)?;
        }
        replica.stop()?;
        stage.wait(0.4);
    }
    Ok(())
}

/// Somebody set an id that outlives a process. An evaluation has to see what one counted before
/// the next one writes over it.
fn restarts_under_one_id(stage: &mut Stage<'_>) -> Result<(), String> {
    for minutes in [0.7, 0.3, 2.0, 0.9] {
        let mut replicas = vec![stage.starter.replica_named("always-the-same")?];
        stage.traffic(&mut replicas, minutes)?;
        Stage::stop(replicas)?;
        stage.wait(2.5);
    }
    Ok(())
}

fn one_run_jobs(stage: &mut Stage<'_>) -> Result<(), String> {
    for run in 0..10 {
        stage.jobs(if run % 2 == 0 {
            &[true, false]
        } else {
            &[true]
        })?;
        stage.wait(0.5);
    }
    Ok(())
}

fn killed_jobs(stage: &mut Stage<'_>) -> Result<(), String> {
    // Nothing is exported but what the job asks for.
    stage.export_every(60.0);
    for _ in 0..5 {
        stage.killed_job()?;
        stage.jobs(&[true])?;
        stage.wait(0.6);
    }
    Ok(())
}

/// Every request fails or not, and nobody takes an export for a while.
fn late(stage: &mut Stage<'_>, minutes: f64) -> Result<(), String> {
    stage.link(Duration::ZERO)?;
    stage.export_every(5.0 / 60.0);
    let mut replicas = stage.replicas(2)?;
    stage.traffic(&mut replicas, minutes)?;
    stage.last_link()?.open()?;
    stage.traffic(&mut replicas, 2.0)?;
    Stage::stop(replicas)
}
