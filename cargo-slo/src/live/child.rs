//! The program that is watched.

#[cfg(target_os = "linux")]
use super::group;
use super::signals::Asked;
#[cfg(unix)]
use std::time::Duration;
use std::{
    ffi::OsString,
    io::{self, IsTerminal},
    path::PathBuf,
    process::{ExitStatus, Stdio},
};
use tokio::process::Command;

/// How often to look whether a group of processes is gone.
#[cfg(unix)]
const POLL: Duration = Duration::from_millis(20);

/// A running program and what it started.
#[derive(Debug)]
pub(super) struct Child {
    process: tokio::process::Child,
    /// The group of processes that it began.
    #[cfg(unix)]
    group: Option<rustix::process::Pid>,
}

/// Returns the variables that make a program export to an endpoint, twice a second: so the first number
/// is there within one.
pub(super) fn variables(endpoint: &str) -> [(&'static str, String); 6] {
    let http = || "http/protobuf".to_owned();
    [
        (
            "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
            format!("{endpoint}/v1/metrics"),
        ),
        ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", http()),
        ("OTEL_METRIC_EXPORT_INTERVAL", "500".to_owned()),
        (
            "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
            format!("{endpoint}/v1/logs"),
        ),
        ("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", http()),
        ("OTEL_BLRP_SCHEDULE_DELAY", "500".to_owned()),
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
        let process = command.spawn()?;
        Ok(Child {
            #[cfg(unix)]
            group: process
                .id()
                .and_then(|id| rustix::process::Pid::from_raw(id.try_into().ok()?)),
            process,
        })
    }

    /// Returns the programs that it and what it started run, those whose files are still there; none where
    /// the system does not say so.
    pub(super) fn programs(&self) -> Vec<PathBuf> {
        #[cfg(target_os = "linux")]
        {
            group::programs(&self.members())
        }
        #[cfg(not(target_os = "linux"))]
        Vec::new()
    }

    /// Waits until it ends, and returns the code that tells how: its own, or 128 and the signal's
    /// number.
    pub(super) async fn ended(&mut self) -> io::Result<u8> {
        self.process.wait().await.map(code)
    }

    /// Whether something is being built in its group of processes: `cargo run` and `cargo test` do that
    /// first. Only Linux tells.
    pub(super) fn is_building(&self) -> bool {
        #[cfg(target_os = "linux")]
        {
            group::is_building(&self.members())
        }
        #[cfg(not(target_os = "linux"))]
        false
    }

    /// Waits until those that it started have ended as well, which take their time to export their last
    /// events. Elsewhere than on Unix nobody can tell.
    pub(super) async fn rest_ended(&self) {
        #[cfg(unix)]
        while self.has_members() {
            tokio::time::sleep(POLL).await;
        }
    }

    #[cfg(target_os = "linux")]
    fn has_members(&self) -> bool {
        !self.members().is_empty()
    }

    #[cfg(all(unix, not(target_os = "linux")))]
    fn has_members(&self) -> bool {
        self.group
            .is_some_and(|group| rustix::process::test_kill_process_group(group).is_ok())
    }

    #[cfg(target_os = "linux")]
    fn members(&self) -> Vec<group::Member> {
        let group = self.group.map(|group| group.as_raw_nonzero().get());
        group.map(group::members).unwrap_or_default()
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
        if let Some(group) = self.group {
            // Where it is gone already, nobody is left to tell.
            let _ = rustix::process::kill_process_group(group, signal);
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
