//! A million bad requests: with log records of them a request takes as long as without, and memory
//! stays what it was.
//!
//! Two processes take turns, so that both meet the same machine: one that exports log records, and one
//! that does not.

use super::{page, programs::Programs, session::Session};
use crate::{
    Outcome,
    command::{self, cargo, root},
};
use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

const REQUESTS: u64 = 1_000_000;
const TURNS: u64 = 20;

/// Most that log records may add to the median and to the 99th percentile. A request within the process
/// takes less than a microsecond, in which a record that is suppressed is two atomic operations more: it was
/// 0 and 1% where this was written. The rest is for a busy machine.
const MAX_RATIOS: [f64; 2] = [1.1, 1.25];
/// Most memory that the million may add to the process, in KiB: a queue of 2,048 records, with room.
const MAX_GROWTH_KIB: u64 = 8 << 10;

pub(super) fn run(programs: &Programs) -> Outcome {
    let built = [
        "build",
        "--release",
        "--quiet",
        "--package",
        "reconcile",
        "--bin",
        "storm",
    ];
    command::run(cargo().args(built))?;
    let mut command = programs.dev();
    let session = Session::start(command.args(["--port", "0"]))?;
    let mut with = Storm::start(&session.address, "with", "otlp")?;
    let mut without = Storm::start(&session.address, "without", "none")?;
    // Whoever is first to be compiled, cached and connected is not to pay for it.
    for storm in [&mut with, &mut without] {
        storm.turn(REQUESTS / TURNS)?;
    }
    let before = session.resident_kib()?;
    let (mut on, mut off) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        on.push(with.turn(REQUESTS / TURNS)?);
        off.push(without.turn(REQUESTS / TURNS)?);
    }
    let expected = REQUESTS + REQUESTS / TURNS;
    let shown = session.wait(|session| {
        let page = page::numbers(&session.html()?)?;
        let bad = |service: &str| {
            page.get(&format!("step.{service}.checkout.failing availability Bad"))
                .copied()
        };
        match [bad("with"), bad("without")] {
            [Some(with), Some(without)] if with == expected && without == expected => Ok(()),
            other => Err(format!("{expected} requests each, {other:?} on the page")),
        }
    });
    shown?;
    let after = session.resident_kib()?;
    let median = |of: fn(&Turn) -> u64, turns: &[Turn]| {
        let mut values: Vec<_> = turns.iter().map(of).collect();
        values.sort_unstable();
        values[values.len() / 2]
    };
    let of: [fn(&Turn) -> u64; 2] = [|turn| turn.median, |turn| turn.high];
    let [p50, p99] = of.map(|of| [median(of, &on), median(of, &off)]);
    let ratios = [p50, p99].map(|[on, off]| on as f64 / off as f64);
    let growth = on[on.len() - 1].kib.saturating_sub(on[0].kib);
    eprintln!(
        "  {REQUESTS} bad requests with log records and as many without: median {} and {} ns ({:.3}), \
         99th percentile {} and {} ns ({:.3}); memory {growth:+} KiB, of the command {:+} KiB",
        p50[0],
        p50[1],
        ratios[0],
        p99[0],
        p99[1],
        ratios[1],
        after.saturating_sub(before),
    );
    if ratios[0] > MAX_RATIOS[0] || ratios[1] > MAX_RATIOS[1] {
        return Err(format!("log records make requests slower: {ratios:?}"));
    }
    match growth <= MAX_GROWTH_KIB && after.saturating_sub(before) <= MAX_GROWTH_KIB {
        true => Ok(()),
        false => Err(format!(
            "memory grows by {growth} KiB, of the command by {} KiB",
            after - before
        )),
    }
}

/// What some requests took, in nanoseconds, and the memory after them.
struct Turn {
    median: u64,
    high: u64,
    kib: u64,
}

/// A process that is asked for bad requests. It ends with this.
struct Storm {
    process: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Storm {
    fn start(to: &str, service: &str, logs: &str) -> Result<Storm, String> {
        let program = root().join("target/release/storm");
        let mut command = Command::new(&program);
        super::plain(&mut command);
        let mut process = command
            .env("OTEL_SERVICE_NAME", service)
            .env("OTEL_LOGS_EXPORTER", logs)
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{to}"))
            .env("OTEL_METRIC_EXPORT_INTERVAL", "500")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let stdout = process.stdout.take().ok_or("it has no output")?;
        Ok(Storm {
            stdin: process.stdin.take(),
            stdout: BufReader::new(stdout),
            process,
        })
    }

    /// Has it make so many requests.
    fn turn(&mut self, requests: u64) -> Result<Turn, String> {
        let mut line = String::new();
        let stdin = self.stdin.as_mut().ok_or("it has no input")?;
        writeln!(stdin, "{requests}")
            .and_then(|()| self.stdout.read_line(&mut line))
            .map_err(|error| error.to_string())?;
        let mut numbers = line.split_whitespace().map(str::parse);
        let mut next = || {
            numbers
                .next()
                .and_then(Result::ok)
                .ok_or(format!("`{line}` is not a turn"))
        };
        Ok(Turn {
            median: next()?,
            high: next()?,
            kib: next()?,
        })
    }
}

impl Drop for Storm {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
