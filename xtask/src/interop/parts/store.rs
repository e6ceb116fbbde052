//! A Prometheus that takes OTLP and remote write.

use super::{pace::Pace, process::Process};
use crate::{
    interop::prometheus::{get, query_path},
    loopback::free_address,
};
use serde_json::Value;
use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Mutex, PoisonError},
    thread::sleep,
    time::{Duration, Instant},
};

const START: Duration = Duration::from_secs(60);

/// A store. It runs, is stopped, is away for a while, and comes back with what it had.
#[derive(Debug)]
pub(in crate::interop) struct Store {
    program: PathBuf,
    folder: PathBuf,
    address: SocketAddr,
    options: Vec<String>,
    process: Mutex<Option<Process>>,
}

/// Good and bad events.
pub(in crate::interop) type Counts = [f64; 2];

impl Store {
    /// Writes its configuration, and nothing is started yet.
    pub(in crate::interop) fn new(
        program: &Path,
        folder: &Path,
        configuration: &str,
        pace: Pace,
    ) -> Result<Store, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        fs::create_dir_all(folder).map_err(failed)?;
        fs::write(folder.join("prometheus.yml"), configuration).map_err(failed)?;
        Ok(Store {
            program: program.to_owned(),
            folder: folder.to_owned(),
            address: free_address()?,
            options: vec![
                "--web.enable-otlp-receiver".to_owned(),
                "--web.enable-remote-write-receiver".to_owned(),
                format!(
                    "--query.lookback-delta={}",
                    pace.shown(Duration::from_secs(300))
                ),
            ],
            process: Mutex::new(None),
        })
    }

    /// With an option more.
    pub(in crate::interop) fn with(mut self, option: &str) -> Store {
        self.options.push(option.to_owned());
        self
    }

    /// Starts it, with what its folder holds.
    pub(in crate::interop) fn start(&self) -> Result<(), String> {
        let log = self.folder.join("log");
        let process = Process::start(
            Command::new(&self.program)
                .arg("--config.file=prometheus.yml")
                .arg("--storage.tsdb.path=data")
                .arg(format!("--web.listen-address={}", self.address))
                .args(&self.options)
                .current_dir(&self.folder)
                .stdout(Stdio::null()),
            &log,
        )?;
        *self.process() = Some(process);
        let started = Instant::now();
        while get(self.address, "/-/ready").is_err() {
            let runs = self.process().as_mut().is_some_and(Process::runs);
            if !runs || started.elapsed() > START {
                return Err(format!("not ready; see {}", log.display()));
            }
            sleep(Duration::from_millis(200));
        }
        Ok(())
    }

    /// Ends it as a deployment would.
    pub(in crate::interop) fn stop(&self) -> Result<(), String> {
        match self.process().take() {
            Some(process) => process.stop(),
            None => Ok(()),
        }
    }

    /// Another one in its place, which has nothing.
    pub(in crate::interop) fn replace(&self) -> Result<(), String> {
        self.stop()?;
        let data = self.folder.join("data");
        fs::remove_dir_all(&data).map_err(|error| format!("{}: {error}", data.display()))?;
        self.start()
    }

    /// Sends a signal, by its name without SIG.
    pub(in crate::interop) fn signal(&self, name: &str) -> Result<(), String> {
        match &*self.process() {
            Some(process) => process.signal(name),
            None => Err("the store does not run".to_owned()),
        }
    }

    fn process(&self) -> std::sync::MutexGuard<'_, Option<Process>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(in crate::interop) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Events by outcome, as an expression that keeps `slo_outcome` says; `None` if it says
    /// nothing.
    pub(in crate::interop) fn counts(&self, expr: &str) -> Result<Option<Counts>, String> {
        let body = get(self.address, &query_path(expr))?;
        let answer: Value =
            serde_json::from_str(&body).map_err(|error| format!("{error}: {body}"))?;
        let series = answer["data"]["result"].as_array();
        let series = series.ok_or_else(|| format!("{expr}: {body}"))?;
        let mut counts = None;
        for one in series {
            let value = one["value"][1].as_str().and_then(|v| v.parse().ok());
            let value: f64 = value.ok_or_else(|| format!("{expr}: {one}"))?;
            let place = match one["metric"]["slo_outcome"].as_str() {
                Some("good") => 0,
                Some("bad") => 1,
                _ => return Err(format!("{expr}: {one}")),
            };
            counts.get_or_insert([0.0; 2])[place] = value;
        }
        Ok(counts)
    }
}
