//! A running `cargo slo dev`.

use super::http;
use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

/// Longest wait for anything but a build.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// A session. It ends with this, and what it started with it.
pub(super) struct Session {
    process: Child,
    /// Lines on either stream.
    lines: Receiver<String>,
    /// All of them so far.
    pub(super) told: String,
    /// `127.0.0.1:PORT`, where exporters send to.
    pub(super) address: String,
    /// The path of the page, with a slash at its end.
    pub(super) page: String,
}

impl Session {
    /// Starts a command that runs `cargo slo dev`, and waits until that has printed its address.
    pub(super) fn start(command: &mut Command) -> Result<Session, String> {
        let shown = format!("{command:?}");
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{shown}: {error}"))?;
        let (sender, lines) = channel();
        let stdout = process
            .stdout
            .take()
            .map(|of| Box::new(of) as Box<dyn Read + Send>);
        let stderr = process
            .stderr
            .take()
            .map(|of| Box::new(of) as Box<dyn Read + Send>);
        for stream in [stdout, stderr].into_iter().flatten() {
            let sender = sender.clone();
            thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    if sender.send(line).is_err() {
                        return;
                    }
                }
            });
        }
        let mut session = Session {
            process,
            lines,
            told: String::new(),
            address: String::new(),
            page: String::new(),
        };
        let line = session.wait_for_line("slo: page ", PATIENCE)?;
        let url = line.split_whitespace().last().unwrap_or_default();
        let (address, path) = url
            .strip_prefix("http://")
            .and_then(|url| url.split_once('/'))
            .ok_or(format!("no address in `{line}`"))?;
        session.address = address.to_owned();
        session.page = format!("/{path}");
        Ok(session)
    }

    /// Waits for a line with a text, and returns it.
    pub(super) fn wait_for_line(
        &mut self,
        text: &str,
        patience: Duration,
    ) -> Result<String, String> {
        let end = Instant::now() + patience;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    self.told += &format!("{line}\n");
                    if line.contains(text) {
                        return Ok(line);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    return Err(format!("no `{text}` within {patience:?}:\n{}", self.told));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(format!("no `{text}`, and it ended:\n{}", self.told));
                }
            }
        }
    }

    /// The page as a browser without a script gets it.
    pub(super) fn html(&self) -> Result<String, String> {
        self.look("")
    }

    /// What is seen now, for programs.
    pub(super) fn view(&self) -> Result<Value, String> {
        serde_json::from_str(&self.look("view.json")?).map_err(|error| error.to_string())
    }

    fn look(&self, what: &str) -> Result<String, String> {
        let path = format!("{}{what}", self.page);
        let answer = http::get(&self.address, &path)?;
        match answer.status {
            200 => Ok(answer.body),
            status => Err(format!("{path} is answered with {status}: {}", answer.body)),
        }
    }

    /// Waits until what is asked for is `Ok`, for half a minute at most.
    pub(super) fn wait<T>(
        &self,
        mut ask: impl FnMut(&Session) -> Result<T, String>,
    ) -> Result<T, String> {
        let end = Instant::now() + PATIENCE / 2;
        loop {
            match ask(self) {
                Err(_) if Instant::now() < end => thread::sleep(Duration::from_millis(20)),
                asked => return asked,
            }
        }
    }

    /// Memory that it holds, in KiB.
    pub(super) fn resident_kib(&self) -> Result<u64, String> {
        let path = PathBuf::from(format!("/proc/{}/status", self.process.id()));
        let status = fs::read_to_string(&path).map_err(|error| error.to_string())?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        kib.ok_or(format!("{} has no VmRSS", path.display()))
    }

    /// Sends it a signal, such as `INT`.
    pub(super) fn signal(&self, name: &str) -> Result<(), String> {
        signal(self.process.id(), name)
    }

    /// Waits until it ends, and returns how, with all that it told.
    pub(super) fn ended(mut self) -> Result<(ExitStatus, String), String> {
        let end = Instant::now() + PATIENCE;
        loop {
            match self.process.try_wait() {
                Ok(Some(status)) => {
                    // The streams end with it, unless somebody it started lives on.
                    while let Ok(line) = self.lines.recv_timeout(Duration::from_secs(1)) {
                        self.told += &format!("{line}\n");
                    }
                    return Ok((status, std::mem::take(&mut self.told)));
                }
                Ok(None) if Instant::now() < end => thread::sleep(Duration::from_millis(10)),
                Ok(None) => return Err(format!("it did not end within {PATIENCE:?}")),
                Err(error) => return Err(error.to_string()),
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It passes the signal on; a killed one could not. It may have ended.
        let _ = self.signal("TERM");
        for _ in 0..200 {
            if matches!(self.process.try_wait(), Ok(Some(_)) | Err(_)) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Sends a signal to a process.
pub(super) fn signal(id: u32, name: &str) -> Result<(), String> {
    let sent = Command::new("kill")
        .args([&format!("-{name}"), &id.to_string()])
        .stderr(Stdio::null())
        .status();
    match sent {
        Ok(status) if status.success() => Ok(()),
        _ => Err(format!("SIG{name} can't be sent to {id}")),
    }
}
