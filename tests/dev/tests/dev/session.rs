//! A session of the command.

use crate::http::{self, get};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::{
        Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, channel},
    },
    thread,
    time::{Duration, Instant},
};

/// Longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(30);

/// The service of these tests.
pub(crate) fn watched() -> String {
    env!("CARGO_BIN_EXE_watched").to_owned()
}

/// A running command. It ends with this.
pub(crate) struct Session {
    process: Child,
    stdout: BufReader<ChildStdout>,
    told: Receiver<String>,
    /// What it told on standard error so far.
    pub(crate) stderr: String,
    /// Its address without the scheme, where exporters send to.
    pub(crate) address: String,
    /// The path of its page.
    pub(crate) page: String,
}

impl Session {
    /// Starts one on any port, with these variables, and the given arguments.
    pub(crate) fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Session {
        let mut process = Command::new(env!("CARGO_BIN_EXE_cargo-slo-dev"))
            .args(["dev", "--port", "0"])
            .args(arguments)
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(process.stdout.take().unwrap());
        let stderr = BufReader::new(process.stderr.take().unwrap());
        let (tell, told) = channel();
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    break;
                }
            }
        });
        let mut session = Session {
            process,
            stdout,
            told,
            stderr: String::new(),
            address: String::new(),
            page: String::new(),
        };
        let line = session.told_line("page ");
        let url = line.split_whitespace().last().unwrap();
        let (address, path) = url
            .strip_prefix("http://")
            .and_then(|url| url.split_once('/'))
            .unwrap();
        session.address = address.to_owned();
        session.page = format!("/{path}");
        session
    }

    /// Waits for a line on standard error that has a text.
    pub(crate) fn told_line(&mut self, text: &str) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let line = self.told.recv_timeout(left);
            let line = line.unwrap_or_else(|_| panic!("no `{text}` in:\n{}", self.stderr));
            self.stderr += &format!("{line}\n");
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Waits until the service under the command listens, and returns its address.
    pub(crate) fn listening(&mut self) -> String {
        listening(&mut self.stdout)
    }

    /// What is seen now.
    pub(crate) fn view(&self) -> Value {
        let answer = get(&self.address, &format!("{}view.json", self.page));
        assert_eq!(answer.status, 200, "{}", answer.text());
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// Waits until what is seen is so.
    pub(crate) fn wait_for(&self, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + PATIENCE;
        loop {
            let view = self.view();
            if is_so(&view) {
                return view;
            }
            assert!(Instant::now() < end, "never: {what}\n{view:#}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Exports a body, and returns the answer.
    pub(crate) fn export(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> http::Answer {
        http::send(&self.address, &format!("POST {path}"), headers, body)
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Waits until it ends; returns how, and what it wrote.
    pub(crate) fn ended(mut self) -> (ExitStatus, String, String) {
        let mut out = String::new();
        self.stdout.read_to_string(&mut out).unwrap();
        let status = self.process.wait().unwrap();
        while let Ok(line) = self.told.recv() {
            self.stderr += &format!("{line}\n");
        }
        (status, out, std::mem::take(&mut self.stderr))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It passes signals on, which a killed one could not: what it watches would go on running. The
        // third ends whoever takes no notice.
        for _ in 0..3 {
            // It may have ended.
            if matches!(self.process.try_wait(), Ok(Some(_)) | Err(_)) {
                return;
            }
            signal("-TERM", self.id());
            let end = Instant::now() + Duration::from_secs(2);
            while matches!(self.process.try_wait(), Ok(None)) && Instant::now() < end {
                thread::sleep(Duration::from_millis(10));
            }
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Sends a signal, such as `-TERM`, to a process.
pub(crate) fn signal(name: &str, id: u32) {
    let sent = Command::new("kill").args([name, &id.to_string()]).status();
    assert!(sent.unwrap().success());
}

fn listening(stdout: &mut impl BufRead) -> String {
    let mut line = String::new();
    while !line.starts_with("listening ") {
        line.clear();
        assert!(stdout.read_line(&mut line).unwrap() > 0, "it ended");
    }
    line["listening ".len()..].trim().to_owned()
}

/// A service that runs beside the command. It ends with this.
pub(crate) struct Beside(Child);

impl Beside {
    /// Starts one with these variables; returns its address as well.
    pub(crate) fn start(variables: &[(&str, String)]) -> (Beside, String) {
        let mut process = Command::new(watched())
            .envs(variables.iter().map(|(name, value)| (*name, value)))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let address = listening(&mut BufReader::new(process.stdout.take().unwrap()));
        (Beside(process), address)
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The processors, for as long as it is kept: a program's last export has a bound in time, which it
/// may miss while others are given a million series.
pub(crate) fn processors() -> MutexGuard<'static, ()> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A folder for files of one test.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The counts of an SLI of a step: good, bad, excluded.
pub(crate) fn counted(view: &Value, step: &str, sli: &str) -> Option<[u64; 3]> {
    let services = view["services"].as_array()?;
    let journeys = services.iter().filter_map(|one| one["journeys"].as_array());
    let mut steps = journeys
        .flatten()
        .filter_map(|one| one["steps"].as_array())
        .flatten();
    let step = steps.find(|one| one["name"] == step)?;
    let sli = step["slis"]
        .as_array()?
        .iter()
        .find(|one| one["sli"] == sli)?;
    Some(["good", "bad", "excluded"].map(|key| sli[key].as_u64().unwrap()))
}
