//! Alertmanager, and whom it tells.

use super::programs::Programs;
use crate::{
    interop::{
        parts::{pace::Pace, process::Process},
        prometheus::get,
    },
    loopback::free_address,
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread::{self, sleep},
    time::{Duration, Instant},
};

const START: Duration = Duration::from_secs(60);

/// An alert as people know it: `page: SloErrorBudgetBurn orders/checkout.availability`.
pub(super) type Name = String;

/// An Alertmanager with the generated rules of inhibition, and what its receiver was told.
#[derive(Debug)]
pub(super) struct Alerts {
    address: SocketAddr,
    told: Arc<Receiver>,
    _process: Process,
}

#[derive(Debug, Default)]
struct Receiver {
    ended: AtomicBool,
    /// What was told of each alert, first to last.
    states: Mutex<BTreeMap<Name, Vec<String>>>,
}

impl Alerts {
    /// Starts it.
    pub(super) fn start(programs: &Programs, pace: Pace) -> Result<Alerts, String> {
        let folder = programs.folder.join("alertmanager");
        let failed = |error: io::Error| format!("{}: {error}", folder.display());
        fs::create_dir_all(&folder).map_err(failed)?;
        let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
        let hook = listener.local_addr().map_err(failed)?;
        let told = Arc::new(Receiver::default());
        thread::spawn({
            let told = told.clone();
            move || told.receive(&listener)
        });
        let inhibition = programs.generated("prometheus", ".alertmanager.yaml")?;
        let inhibition = fs::read_to_string(&inhibition[0]).map_err(failed)?;
        let soon = pace.shown(Duration::from_secs(12));
        let configuration = format!(
            "{inhibition}\n\
             route:\n  receiver: judge\n  group_by: [alertname, slo, job]\n  group_wait: {soon}\n  \
               group_interval: {soon}\n  repeat_interval: 4h\n\
             receivers:\n  - name: judge\n    webhook_configs:\n      - url: http://{hook}/\n        \
                     send_resolved: true\n"
        );
        fs::write(folder.join("alertmanager.yml"), configuration).map_err(failed)?;
        let address = free_address()?;
        let log = folder.join("log");
        let mut process = Process::start(
            Command::new(&programs.alertmanager)
                .args(["--config.file=alertmanager.yml", "--storage.path=data"])
                .arg(format!("--web.listen-address={address}"))
                // Alone.
                .arg("--cluster.listen-address=")
                .current_dir(&folder)
                .stdout(Stdio::null()),
            &log,
        )?;
        let started = Instant::now();
        while get(address, "/-/ready").is_err() {
            if !process.runs() || started.elapsed() > START {
                return Err(format!("not ready; see {}", log.display()));
            }
            sleep(Duration::from_millis(200));
        }
        Ok(Alerts {
            address,
            told,
            _process: process,
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What the receiver was told so far: the states of each alert, first to last.
    pub(super) fn told(&self) -> BTreeMap<Name, Vec<String>> {
        let states = &self.told.states;
        states
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Waits until the receiver was told that an alert is in a state; gives how long that took.
    pub(super) fn awaited(
        &self,
        alert: &str,
        state: &str,
        patience: Duration,
    ) -> Result<Duration, String> {
        let started = Instant::now();
        loop {
            let told = self.told();
            let last = told.get(alert).and_then(|states| states.last());
            if last.is_some_and(|last| last == state) {
                return Ok(started.elapsed());
            }
            if started.elapsed() > patience {
                return Err(format!("{alert} is not {state}; told was {told:?}"));
            }
            sleep(Duration::from_millis(500));
        }
    }
}

impl Drop for Alerts {
    fn drop(&mut self) {
        self.told.ended.store(true, Relaxed);
    }
}

impl Receiver {
    /// Answers until the judge ends.
    fn receive(&self, listener: &TcpListener) {
        for stream in listener.incoming().map_while(Result::ok) {
            if self.ended.load(Relaxed) {
                return;
            }
            // Alertmanager tells again what was not taken.
            let _ = self.take(stream);
        }
    }

    fn take(&self, stream: TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let mut stream = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            stream.read_line(&mut line)?;
            match line.trim_end().to_ascii_lowercase().split_once(": ") {
                Some(("content-length", value)) => length = value.parse().unwrap_or(0),
                Some(_) => {}
                None if line.trim_end().is_empty() => break,
                None => {}
            }
        }
        let mut body = Vec::new();
        stream.by_ref().take(length).read_to_end(&mut body)?;
        let told: Value = serde_json::from_slice(&body)?;
        for alert in told["alerts"].as_array().into_iter().flatten() {
            self.tell(alert);
        }
        stream
            .get_mut()
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    }

    fn tell(&self, alert: &Value) {
        let label = |name: &str| alert["labels"][name].as_str().unwrap_or("?").to_owned();
        let whose = match label("slo") {
            slo if slo == "?" => label("slo_service"),
            slo => slo,
        };
        let name = format!("{}: {} {whose}", label("severity"), label("alertname"));
        let state = alert["status"].as_str().unwrap_or("?");
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        let states = states.entry(name).or_default();
        if states.last().is_none_or(|last| last != state) {
            states.push(state.to_owned());
        }
    }
}
