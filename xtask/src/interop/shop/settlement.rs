//! The job that settles what was paid: it runs when it is told, and prints how each run ended.

use super::services::Starter;
use crate::interop::parts::process::{Dialogue, Process};
use std::{
    fs,
    net::SocketAddr,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Longer than a run may be held up before its process is killed.
const FOREVER: Duration = Duration::from_secs(3600);

/// What runs of a process do while the switch is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// They give an error.
    Fails,
    /// They don't end.
    Hangs,
}

/// A run that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// What the job printed of it: `ok payments=0`.
    pub(super) ended: String,
    pub(super) took: Duration,
}

/// The job, one process after the other.
#[derive(Debug)]
pub(super) struct Settlement {
    payments: SocketAddr,
    /// Runs go wrong while there is this file.
    switch: PathBuf,
    job: Mutex<Job>,
}

#[derive(Debug)]
struct Job {
    running: Option<(Process, Dialogue)>,
    /// How many processes there were.
    processes: u32,
    /// How many runs the process began.
    runs: u32,
    /// When a run succeeded last, or the first process started.
    succeeded: Instant,
    /// The longest time without a success so far.
    longest: Duration,
}

impl Settlement {
    /// Starts the first process.
    pub(super) fn start(
        starter: &Starter,
        switch: PathBuf,
        payments: SocketAddr,
    ) -> Result<Settlement, String> {
        let job = Job {
            running: None,
            processes: 0,
            runs: 0,
            succeeded: Instant::now(),
            longest: Duration::ZERO,
        };
        let settlement = Settlement {
            payments,
            switch,
            job: Mutex::new(job),
        };
        settlement.replace(starter, Fault::Fails)?;
        Ok(settlement)
    }

    fn job(&self) -> MutexGuard<'_, Job> {
        self.job.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the process as a deployment would, and starts another.
    pub(super) fn replace(&self, starter: &Starter, fault: Fault) -> Result<(), String> {
        let mut job = self.job();
        if let Some((process, _)) = job.running.take() {
            process.stop()?;
        }
        let [fails, hangs] =
            [Fault::Fails, Fault::Hangs].map(|one| if one == fault { "1" } else { "0" }.to_owned());
        let variables = [
            ("SHOP_PAYMENTS_URL", format!("http://{}", self.payments)),
            ("SHOP_STDIN", "1".to_owned()),
            ("SHOP_SWITCH", self.switch.display().to_string()),
            ("SHOP_ERROR_RATE", fails),
            ("SHOP_SLOW_RATE", hangs),
            ("SHOP_SLOW_MS", FOREVER.as_millis().to_string()),
        ];
        job.processes += 1;
        job.runs = 0;
        let pod = format!("settlement-{}", job.processes);
        let (mut command, log) = starter.command("shop-settlement", &pod, &variables);
        job.running = Some(Process::start_answering(&mut command, &log)?);
        Ok(())
    }

    /// Lets it run the given number of times, one after the other.
    pub(super) fn run(&self, runs: u64) -> Result<Vec<Run>, String> {
        (0..runs).map(|_| self.job().run()).collect()
    }

    /// The same while each run goes wrong.
    pub(super) fn run_with_fault(&self, runs: u64) -> Result<Vec<Run>, String> {
        self.set_fault(true)?;
        let ended = self.run(runs)?;
        self.set_fault(false)?;
        Ok(ended)
    }

    /// Lets it begin a run that doesn't end.
    pub(super) fn hang(&self) -> Result<(), String> {
        self.set_fault(true)?;
        self.job().begin()
    }

    /// Kills the process, as a node does that runs out of memory.
    pub(super) fn kill(&self) -> Result<(), String> {
        let Some((mut process, _dialogue)) = self.job().running.take() else {
            return Err("the job does not run".to_owned());
        };
        process.signal("KILL")?;
        process.ended()?;
        self.set_fault(false)
    }

    /// The longest time in which no run succeeded, that until now included.
    pub(super) fn longest_wait(&self) -> Duration {
        let job = self.job();
        job.longest.max(job.succeeded.elapsed())
    }

    fn set_fault(&self, is_on: bool) -> Result<(), String> {
        let done = match is_on {
            true => fs::write(&self.switch, ""),
            false => fs::remove_file(&self.switch),
        };
        done.map_err(|error| format!("{}: {error}", self.switch.display()))
    }
}

impl Job {
    fn dialogue(&mut self) -> Result<&mut Dialogue, String> {
        let running = self.running.as_mut();
        running
            .map(|(_, dialogue)| dialogue)
            .ok_or_else(|| "the job does not run".to_owned())
    }

    fn begin(&mut self) -> Result<(), String> {
        self.runs += 1;
        self.dialogue()?.go()
    }

    fn run(&mut self) -> Result<Run, String> {
        let started = Instant::now();
        self.begin()?;
        let line = self.dialogue()?.answer()?;
        let ended = line.strip_prefix(&format!("run {} ", self.runs));
        let ended = ended.ok_or_else(|| format!("the job printed {line}"))?;
        if ended.starts_with("ok") {
            self.longest = self.longest.max(self.succeeded.elapsed());
            self.succeeded = Instant::now();
        }
        Ok(Run {
            ended: ended.to_owned(),
            took: started.elapsed(),
        })
    }
}
