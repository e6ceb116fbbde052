//! One process of the service, asked by a client that keeps the ledger.

use crate::interop::parts::process::Process;
use std::{
    io::{self, BufRead, BufReader, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

/// What was answered, and what was counted by a process that was killed before it exported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ledger {
    pub(super) good: u64,
    pub(super) bad: u64,
    pub(super) lost: u64,
}

/// How processes of one row are started.
#[derive(Clone, Debug)]
pub(super) struct Starter {
    pub(super) service: PathBuf,
    pub(super) job: PathBuf,
    /// The row; it stands before the service's name in `job`.
    pub(super) namespace: String,
    /// The base URL of what they export to.
    pub(super) endpoint: String,
    pub(super) interval: Duration,
    pub(super) log: PathBuf,
}

impl Starter {
    /// A process with an id of its own.
    pub(super) fn replica(&self) -> Result<Replica, String> {
        self.started(None)
    }

    /// A process whose id somebody set.
    pub(super) fn replica_named(&self, id: &str) -> Result<Replica, String> {
        self.started(Some(id))
    }

    fn started(&self, id: Option<&str>) -> Result<Replica, String> {
        let mut command = self.command(&self.service, "pipeline-service", id);
        let (process, address) = Process::start_saying(&mut command, &self.log, "listening ")?;
        let address: SocketAddr = address.parse().map_err(|_| "no address".to_owned())?;
        let stream = TcpStream::connect(address).map_err(|error| format!("{address}: {error}"))?;
        let patience = Some(Duration::from_secs(30));
        let set = stream.set_read_timeout(patience);
        set.map_err(|error| error.to_string())?;
        Ok(Replica {
            process,
            stream: BufReader::new(stream),
            asked: 0,
        })
    }

    /// A run of the job.
    pub(super) fn job(&self, run: &str) -> Command {
        let mut command = self.command(&self.job, "pipeline-job", None);
        command.arg(run);
        command
    }

    pub(super) fn log(&self) -> &Path {
        &self.log
    }

    fn command(&self, program: &Path, name: &str, id: Option<&str>) -> Command {
        let mut command = Command::new(program);
        for (variable, _) in std::env::vars_os() {
            if variable.to_string_lossy().starts_with("OTEL_") {
                command.env_remove(variable);
            }
        }
        let mut resource = format!("service.namespace={}", self.namespace);
        if let Some(id) = id {
            resource += &format!(",service.instance.id={id}");
        }
        command
            .env("OTEL_SERVICE_NAME", name)
            .env("OTEL_RESOURCE_ATTRIBUTES", resource)
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", &self.endpoint)
            // What the stores of this judge take are counts.
            .env("OTEL_LOGS_EXPORTER", "none")
            .env(
                "OTEL_METRIC_EXPORT_INTERVAL",
                self.interval.as_millis().to_string(),
            );
        command
    }
}

/// A process that answers.
#[derive(Debug)]
pub(super) struct Replica {
    process: Process,
    stream: BufReader<TcpStream>,
    asked: u64,
}

/// One of so many requests fails.
const ONE_BAD_OF: u64 = 6;

impl Replica {
    /// Asks once, and writes down what was answered.
    pub(super) fn ask(&mut self, ledger: &mut Ledger) -> Result<(), String> {
        self.asked += 1;
        let status = if self.asked.is_multiple_of(ONE_BAD_OF) {
            500
        } else {
            200
        };
        match self.answer(status) {
            Ok(200) if status == 200 => ledger.good += 1,
            Ok(500) if status == 500 => ledger.bad += 1,
            other => return Err(format!("asked for {status}: {other:?}")),
        }
        Ok(())
    }

    fn answer(&mut self, status: u16) -> io::Result<u16> {
        let mut stream = self.stream.get_ref();
        write!(
            stream,
            "GET /answers/{status} HTTP/1.1\r\nhost: localhost\r\n\r\n"
        )?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        // The answer is its head.
        while !line.trim_end().is_empty() {
            line.clear();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        status.ok_or(io::ErrorKind::InvalidData.into())
    }

    /// Ends it as a rollout does.
    pub(super) fn stop(self) -> Result<(), String> {
        let Replica {
            process, stream, ..
        } = self;
        // It ends when its connections have.
        drop(stream);
        process.stop()
    }
}
