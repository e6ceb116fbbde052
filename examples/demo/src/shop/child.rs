//! One process of the shop.

use std::{
    env,
    fs::File,
    io,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child as Process, ChildStdin, ChildStdout, Command},
    time::timeout,
};

/// A process that was started and ends with the demo: it is told to when its standard input
/// closes, which happens however the demo ends, and killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Child {
    name: &'static str,
    process: Process,
    input: Option<ChildStdin>,
    output: Lines<BufReader<ChildStdout>>,
    log: PathBuf,
}

impl Child {
    /// Starts a program with none of the demo's own variables that would change what it does,
    /// its standard error in a file.
    pub(crate) fn start(
        name: &'static str,
        program: &Path,
        variables: &[(&'static str, String)],
        log: PathBuf,
    ) -> io::Result<Child> {
        let mut command = Command::new(program);
        for (variable, _) in env::vars_os() {
            let text = variable.to_string_lossy();
            let ours = ["OTEL_", "SHOP_", "RUST_BACKTRACE"];
            if ours.iter().any(|start| text.starts_with(start)) {
                command.env_remove(&variable);
            }
        }
        let mut process = command
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .env("SHOP_STDIN", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                io::Error::new(error.kind(), format!("{}: {error}", program.display()))
            })?;
        let missing = || io::Error::other("a pipe to the process is missing");
        let input = process.stdin.take().ok_or_else(missing)?;
        let output = BufReader::new(process.stdout.take().ok_or_else(missing)?).lines();
        Ok(Child {
            name,
            process,
            input: Some(input),
            output,
            log,
        })
    }

    /// The next line it prints, within a bound.
    pub(crate) async fn line(&mut self) -> io::Result<String> {
        match timeout(Duration::from_secs(10), self.output.next_line()).await {
            Ok(Ok(Some(line))) => Ok(line),
            Ok(Ok(None)) => Err(self.complaint("ended early")),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(self.complaint("said nothing for 10 s")),
        }
    }

    /// Says to it that it should do now what is due later.
    pub(crate) async fn go(&mut self) -> io::Result<()> {
        match &mut self.input {
            Some(input) => input.write_all(b"\n").await,
            None => Err(self.complaint("is ending already")),
        }
    }

    /// Tells it to end, and waits until it has: it flushes its counts before.
    pub(crate) async fn end(mut self) -> io::Result<()> {
        drop(self.input.take());
        match timeout(Duration::from_secs(10), self.process.wait()).await {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(status)) => Err(self.complaint(&format!("ended with {status}"))),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(self.complaint("did not end within 10 s")),
        }
    }

    fn complaint(&self, what: &str) -> io::Error {
        io::Error::other(format!(
            "shop-{} {what}; see {}",
            self.name,
            self.log.display()
        ))
    }
}
