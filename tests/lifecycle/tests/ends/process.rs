//! A child process, and what it says.

use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

pub(crate) struct Process {
    child: Child,
    lines: BufReader<ChildStdout>,
    terminated: Instant,
}

impl Process {
    pub(crate) fn start(program: &str, collector: &str) -> Process {
        let mut child = Command::new(program)
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", collector)
            .env("OTEL_METRIC_EXPORT_INTERVAL", "100")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Process {
            child,
            lines,
            terminated: Instant::now(),
        }
    }

    /// The rest of its next line, which begins like this.
    #[track_caller]
    pub(crate) fn says(&mut self, beginning: &str) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        let rest = line.trim_end().strip_prefix(beginning);
        rest.unwrap_or_else(|| panic!("it said {line:?} instead of {beginning:?}"))
            .to_owned()
    }

    /// Sends SIGTERM.
    pub(crate) fn terminate(&mut self) {
        let pid = self.child.id().to_string();
        self.terminated = Instant::now();
        let sent = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for its end; how long after the signal, if there was one, it came.
    pub(crate) fn ends_well(&mut self) -> Duration {
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}");
        self.terminated.elapsed()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended already, or the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
