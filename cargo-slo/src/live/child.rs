//! The program that is watched.

use super::signals::Asked;
#[cfg(target_os = "linux")]
use crate::input::{NamedBy, read_text};
#[cfg(target_os = "linux")]
use std::{collections::BTreeSet, fs};
use std::{
    ffi::OsString,
    io::{self, IsTerminal},
    path::PathBuf,
    process::{ExitStatus, Stdio},
};
use tokio::process::Command;

/// Longest line about a process that is read, in bytes; the system writes some hundred.
#[cfg(target_os = "linux")]
const MAX_STAT_BYTES: u64 = 4096;

/// A running program and what it started.
#[derive(Debug)]
pub(super) struct Child {
    process: tokio::process::Child,
}

/// Returns the variables that make a program export to an endpoint, each second.
pub(super) fn variables(endpoint: &str) -> [(&'static str, String); 6] {
    let http = || "http/protobuf".to_owned();
    [
        (
            "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
            format!("{endpoint}/v1/metrics"),
        ),
        ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", http()),
        ("OTEL_METRIC_EXPORT_INTERVAL", "1000".to_owned()),
        (
            "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
            format!("{endpoint}/v1/logs"),
        ),
        ("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", http()),
        ("OTEL_BLRP_SCHEDULE_DELAY", "1000".to_owned()),
    ]
}

impl Child {
    /// Starts a command that exports to an endpoint. On Unix it is a group of processes of its own,
    /// which signals are passed on to; it does not read from the terminal.
    pub(super) fn start(command: &[OsString], endpoint: &str) -> io::Result<Child> {
        let [program, arguments @ ..] = command else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let mut command = Command::new(program);
        command
            .args(arguments)
            .envs(variables(endpoint))
            .kill_on_drop(true);
        if io::stdin().is_terminal() {
            command.stdin(Stdio::null());
        }
        #[cfg(unix)]
        command.process_group(0);
        Ok(Child {
            process: command.spawn()?,
        })
    }

    /// Returns the programs that it and what it started run, those whose files are still there; none where
    /// the system does not say so.
    pub(super) fn programs(&self) -> Vec<PathBuf> {
        #[cfg(target_os = "linux")]
        {
            let group = self.process.id().map(|id| id.to_string());
            let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
            let programs = processes.filter_map(|process| {
                let folder = process.path();
                // `pid (name) state parent group …`, where the name may be anything.
                let stat = read_text(&folder.join("stat"), MAX_STAT_BYTES, NamedBy::Person).ok()?;
                let (_, rest) = stat.rsplit_once(')')?;
                let of = rest.split_whitespace().nth(2).map(str::to_owned);
                let program = (of == group).then(|| fs::read_link(folder.join("exe")).ok())??;
                program.is_file().then_some(program)
            });
            let programs: BTreeSet<_> = programs.collect();
            programs.into_iter().collect()
        }
        #[cfg(not(target_os = "linux"))]
        Vec::new()
    }

    /// Waits until it ends, and returns the code that tells how: its own, or 128 and the signal's
    /// number.
    pub(super) async fn ended(&mut self) -> io::Result<u8> {
        self.process.wait().await.map(code)
    }

    /// Passes a signal on; elsewhere than on Unix it ends at once.
    pub(super) fn pass_on(&mut self, asked: Asked) {
        #[cfg(unix)]
        {
            use rustix::process::Signal;
            self.signal(match asked {
                Asked::Interrupt => Signal::INT,
                Asked::Terminate => Signal::TERM,
                Asked::HangUp => Signal::HUP,
            });
        }
        #[cfg(not(unix))]
        {
            let _ = asked;
            self.kill();
        }
    }

    /// Ends it at once.
    pub(super) fn kill(&mut self) {
        #[cfg(unix)]
        self.signal(rustix::process::Signal::KILL);
        // Where it is gone already, nothing is left to do.
        let _ = self.process.start_kill();
    }

    #[cfg(unix)]
    fn signal(&self, signal: rustix::process::Signal) {
        use rustix::process::{Pid, kill_process_group};
        let id = self.process.id().and_then(|id| id.try_into().ok());
        if let Some(group) = id.and_then(Pid::from_raw) {
            // Where it is gone already, nobody is left to tell.
            let _ = kill_process_group(group, signal);
        }
    }
}

fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        if let Some(signal) = status.signal() {
            return u8::try_from(128 + signal).unwrap_or(u8::MAX);
        }
    }
    let code = status.code().unwrap_or(1);
    u8::try_from(code).unwrap_or(1)
}
