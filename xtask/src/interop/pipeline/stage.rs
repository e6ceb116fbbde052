//! What a row plays on: processes that export somewhere, traffic, and time.

use super::{
    link::Link,
    replica::{Ledger, Replica, Starter},
};
use crate::interop::parts::{collector::Collector, pace::Pace, process::Process, store::Store};
use std::{
    net::SocketAddr,
    thread::sleep,
    time::{Duration, Instant},
};

/// A way into stores.
#[derive(Debug)]
pub(super) struct Way<'a> {
    pub(super) collector: Option<&'a Collector>,
    /// Those that are judged; a process without a Collector exports to the first of them.
    pub(super) stores: Vec<(&'static str, &'a Store)>,
}

impl Way<'_> {
    /// Where processes export to, and the path there.
    fn target(&self) -> Result<(SocketAddr, &'static str), String> {
        match (self.collector, self.stores.first()) {
            (Some(collector), _) => Ok((collector.address(), "")),
            (None, Some((_, store))) => Ok((store.address(), "/api/v1/otlp")),
            (None, None) => Err("a way that leads nowhere".to_owned()),
        }
    }
}

/// What one row plays on.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    pub(super) pace: Pace,
    pub(super) way: &'a Way<'a>,
    pub(super) starter: Starter,
    pub(super) ledger: Ledger,
    /// They go on passing on until the row is judged.
    links: Vec<Link>,
}

/// How often each process is asked, in real time.
const TICK: Duration = Duration::from_millis(1200);

impl<'a> Stage<'a> {
    /// One whose processes export once a minute, straight to where the way begins.
    pub(super) fn new(pace: Pace, way: &'a Way<'a>, starter: Starter) -> Result<Stage<'a>, String> {
        let (target, path) = way.target()?;
        let mut stage = Stage {
            pace,
            way,
            starter,
            ledger: Ledger::default(),
            links: Vec::new(),
        };
        stage.starter.endpoint = format!("http://{target}{path}");
        stage.export_every(1.0);
        Ok(stage)
    }

    /// Processes export this often, in minutes.
    pub(super) fn export_every(&mut self, minutes: f64) {
        self.starter.interval = self.pace.minutes(minutes);
    }

    /// Processes export through a link from now on, which is open after a while.
    pub(super) fn link(&mut self, delay: Duration) -> Result<&Link, String> {
        let (target, path) = self.way.target()?;
        let link = Link::reserve(target, delay)?;
        self.starter.endpoint = format!("http://{}{path}", link.address());
        self.links.push(link);
        self.last_link()
    }

    pub(super) fn last_link(&self) -> Result<&Link, String> {
        self.links.last().ok_or_else(|| "no link".to_owned())
    }

    /// What was refused behind links is not a fault of rules.
    pub(super) fn links_are_well(&self) -> Result<(), String> {
        self.links.iter().try_for_each(Link::is_well)
    }

    /// The Collector of the way.
    pub(super) fn collector(&self) -> Result<&'a Collector, String> {
        self.way
            .collector
            .ok_or_else(|| "a way without a Collector".to_owned())
    }

    /// Something for each store of the way.
    pub(super) fn stores(&self, act: impl Fn(&Store) -> Result<(), String>) -> Result<(), String> {
        self.way.stores.iter().try_for_each(|(_, store)| act(store))
    }

    pub(super) fn replicas(&self, count: usize) -> Result<Vec<Replica>, String> {
        (0..count).map(|_| self.starter.replica()).collect()
    }

    /// Asks each of them steadily for some minutes.
    pub(super) fn traffic(&mut self, replicas: &mut [Replica], minutes: f64) -> Result<(), String> {
        let tick = self.pace.scaled(TICK);
        let end = Instant::now() + self.pace.minutes(minutes);
        let mut next = Instant::now();
        while Instant::now() < end {
            for replica in &mut *replicas {
                replica.ask(&mut self.ledger)?;
            }
            // A machine that is busy asks less, and no longer.
            next = (next + tick).max(Instant::now());
            sleep(next.saturating_duration_since(Instant::now()));
        }
        Ok(())
    }

    pub(super) fn wait(&self, minutes: f64) {
        sleep(self.pace.minutes(minutes));
    }

    /// Ends all of them.
    pub(super) fn stop(replicas: Vec<Replica>) -> Result<(), String> {
        replicas.into_iter().try_for_each(Replica::stop)
    }

    /// Starts runs of the job side by side, and waits for their ends.
    pub(super) fn jobs(&mut self, runs: &[bool]) -> Result<(), String> {
        let mut processes = Vec::new();
        for succeeds in runs {
            let mut command = self.starter.job(if *succeeds { "ok" } else { "fail" });
            processes.push((Process::start(&mut command, self.starter.log())?, *succeeds));
        }
        for (mut process, succeeds) in processes {
            let status = process.ended()?;
            if status.success() != succeeds {
                return Err(format!("a run of the job ended with {status}"));
            }
            match succeeds {
                true => self.ledger.good += 1,
                false => self.ledger.bad += 1,
            }
        }
        Ok(())
    }

    /// Kills a run midway: one event was exported, one was not.
    pub(super) fn killed_job(&mut self) -> Result<(), String> {
        let mut command = self.starter.job("hang");
        let log = self.starter.log();
        let (process, _) = Process::start_saying(&mut command, log, "hanging")?;
        process.signal("KILL")?;
        self.ledger.good += 1;
        self.ledger.lost += 1;
        drop(process);
        Ok(())
    }
}
