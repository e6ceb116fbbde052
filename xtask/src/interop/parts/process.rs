//! Processes of ours: they say when they are ready, end when they are told, and never outlive
//! the judge.

use std::{
    fs::OpenOptions,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread::{self, sleep},
    time::{Duration, Instant},
};

/// How long a start or an end may take on a machine that others use, too.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process; it is killed when this is dropped.
#[derive(Debug)]
pub(in crate::interop) struct Process {
    child: Child,
    shown: String,
}

impl Process {
    /// Starts a program. What it prints for people goes to the end of a file.
    pub(in crate::interop) fn start(command: &mut Command, log: &Path) -> Result<Process, String> {
        Process::spawn(command.stdin(Stdio::null()), log)
    }

    fn spawn(command: &mut Command, log: &Path) -> Result<Process, String> {
        let shown = format!("{}", Path::new(command.get_program()).display());
        let failed = |error| format!("{shown}, which logs to {}: {error}", log.display());
        let opened = OpenOptions::new().create(true).append(true).open(log);
        let child = command
            .stderr(opened.map_err(failed)?)
            .spawn()
            .map_err(failed)?;
        Ok(Process { child, shown })
    }

    /// Starts a program, and waits for a line on its standard output; gives what stands behind
    /// this beginning.
    pub(in crate::interop) fn start_saying(
        command: &mut Command,
        log: &Path,
        beginning: &'static str,
    ) -> Result<(Process, String), String> {
        let mut process = Process::start(command.stdout(Stdio::piped()), log)?;
        let stdout = process.child.stdout.take().ok_or("no standard output")?;
        let (found, line) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if let Some(rest) = line.strip_prefix(beginning) {
                    let _ = found.send(rest.to_owned());
                }
            }
        });
        match line.recv_timeout(PATIENCE) {
            Ok(rest) => Ok((process, rest)),
            Err(RecvTimeoutError::Disconnected) => {
                Err(format!("{} ended; see {}", process.shown, log.display()))
            }
            Err(RecvTimeoutError::Timeout) => Err(format!("{} says nothing", process.shown)),
        }
    }

    /// Starts a program that answers each line of its standard input by one.
    pub(in crate::interop) fn start_answering(
        command: &mut Command,
        log: &Path,
    ) -> Result<(Process, Dialogue), String> {
        let mut process =
            Process::spawn(command.stdin(Stdio::piped()).stdout(Stdio::piped()), log)?;
        let stdin = process.child.stdin.take().ok_or("no standard input")?;
        let stdout = process.child.stdout.take().ok_or("no standard output")?;
        let (found, answers) = channel();
        thread::spawn(move || {
            let lines = BufReader::new(stdout).lines().map_while(Result::ok);
            lines.map(|line| found.send(line)).all(|sent| sent.is_ok())
        });
        Ok((process, Dialogue { stdin, answers }))
    }

    /// Sends a signal, by its name without SIG.
    pub(in crate::interop) fn signal(&self, name: &str) -> Result<(), String> {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &pid])
            .status();
        match sent {
            Ok(status) if status.success() => Ok(()),
            other => Err(format!("SIG{name} to {}: {other:?}", self.shown)),
        }
    }

    /// It has not ended yet.
    pub(in crate::interop) fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits for its end, within a bound.
    pub(in crate::interop) fn ended(&mut self) -> Result<ExitStatus, String> {
        let asked = Instant::now();
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Ok(status),
                Ok(None) if asked.elapsed() < PATIENCE => sleep(Duration::from_millis(20)),
                Ok(None) => return Err(format!("{} does not end", self.shown)),
                Err(error) => return Err(format!("{}: {error}", self.shown)),
            }
        }
    }

    /// Asks it to end, and waits for that.
    pub(in crate::interop) fn stop(mut self) -> Result<(), String> {
        self.signal("TERM")?;
        match self.ended()? {
            status if status.success() => Ok(()),
            status => Err(format!("{} ended with {status}", self.shown)),
        }
    }
}

/// What is said to a process, and what it answers.
#[derive(Debug)]
pub(in crate::interop) struct Dialogue {
    stdin: ChildStdin,
    answers: Receiver<String>,
}

impl Dialogue {
    /// Says that it is to go on, and waits for nothing.
    pub(in crate::interop) fn go(&mut self) -> Result<(), String> {
        let said = self.stdin.write_all(b"\n");
        said.map_err(|error| format!("nobody listens: {error}"))
    }

    /// Waits for the next line that it prints.
    pub(in crate::interop) fn answer(&self) -> Result<String, String> {
        let answer = self.answers.recv_timeout(PATIENCE);
        answer.map_err(|error| format!("no answer: {error}"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
