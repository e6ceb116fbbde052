//! Budgets of a thousand SLOs, and of ten thousand: how long `cargo slo status` takes beyond what the
//! store does, and how much memory it needs, for one answer and for several.

use super::{
    fleet::{self, exports},
    measure::{peak_of, run as run_measured},
    store::Store,
};
use crate::Outcome;
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

/// The longest that a thousand SLOs may take beyond the store's own time.
const LONGEST: Duration = Duration::from_secs(2);

/// What a thousand SLOs may take in memory, in KiB, however often they are asked about.
const MOST_MEMORY: u64 = 64 << 10;

/// The same for ten thousand: what is said of each is kept until it is written.
const MOST_MEMORY_OF_TEN: u64 = 192 << 10;

/// At most so many questions for a thousand SLOs.
const MOST_QUESTIONS: usize = 10;

/// Runs of each; the best counts, as the machine has other things to do.
const RUNS: usize = 3;

/// Answers of a long watch, beside one of one answer.
const ANSWERS: usize = 3;

/// More bad events than any budget holds.
const SPENT: u64 = 9000;

pub(super) fn run(folder: &Path, program: &Path) -> Outcome {
    eprintln!(
        "  {:<28} {:>8} {:>8} {:>10} {:>10}",
        "", "time", "store", "memory", "questions"
    );
    let mut missed = Vec::new();
    for slos in [1000, 10_000] {
        let services = slos / fleet::SLOS;
        let files = exports(&folder.join("status"), services)?;
        let bounds = match slos {
            1000 => (LONGEST, MOST_MEMORY, MOST_QUESTIONS),
            _ => (LONGEST * 10, MOST_MEMORY_OF_TEN, MOST_QUESTIONS * 10),
        };
        for (what, bad) in [("with budget left", 0), ("spent", SPENT)] {
            let store = Store::start(services, bad).map_err(|error| error.to_string())?;
            for format in ["json", "human"] {
                let name = format!("{slos} {what}, {format}");
                let asked = Asked {
                    program,
                    files: &files,
                    store: &store,
                    format,
                };
                let expected = i32::from(bad > 0);
                missed.extend(once(&name, &asked, expected, bounds)?);
            }
            if slos == 1000 {
                let name = format!("{slos} {what}, watched");
                missed.extend(watched(&name, program, &files, &store)?);
            }
        }
    }
    match missed.is_empty() {
        true => Ok(()),
        false => Err(missed.join("; ")),
    }
}

/// What is run.
struct Asked<'a> {
    program: &'a Path,
    files: &'a [PathBuf],
    store: &'a Store,
    format: &'a str,
}

impl Asked<'_> {
    fn command(&self) -> Command {
        let mut command = Command::new(self.program);
        command
            .args(["slo", "status", "--format", self.format])
            .args(["--prometheus", &self.store.url])
            .args(self.files);
        command
    }
}

/// Runs it several times, prints the best, and gives what missed its bound.
fn once(
    name: &str,
    asked: &Asked<'_>,
    expected: i32,
    (longest, most, most_questions): (Duration, u64, usize),
) -> Result<Vec<String>, String> {
    let mut best: Option<(Duration, Duration)> = None;
    let (mut peak, mut questions) = (0, 0);
    for _ in 0..RUNS {
        asked.store.work();
        let (time, memory, ended) = run_measured(&mut asked.command())?;
        let work = asked.store.work();
        if ended.code() != Some(expected) {
            return Err(format!("{name}: it ended with {ended}"));
        }
        let own = time.saturating_sub(work.time);
        best = best.into_iter().chain([(own, work.time)]).min();
        (peak, questions) = (memory.max(peak), work.questions.max(questions));
    }
    let (own, stores) = best.unwrap_or_default();
    eprintln!(
        "  {name:<28} {:>6.2} s {:>6.2} s {:>6.1} MiB {questions:>10}",
        own.as_secs_f64(),
        stores.as_secs_f64(),
        mebibytes(peak)
    );
    let mut missed = Vec::new();
    if own > longest {
        missed.push(format!("{name}: {own:.2?}, allowed are {longest:.2?}"));
    }
    if peak > most {
        missed.push(over(name, peak, most));
    }
    if questions > most_questions {
        missed.push(format!(
            "{name}: {questions} questions, allowed are {most_questions}"
        ));
    }
    Ok(missed)
}

/// Watches one answer, and several: the memory has the same bound.
fn watched(
    name: &str,
    program: &Path,
    files: &[PathBuf],
    store: &Store,
) -> Result<Vec<String>, String> {
    let mut missed = Vec::new();
    for answers in [1, ANSWERS] {
        let name = format!("{name} {answers}×");
        let peak = watch(program, files, store, answers)?;
        eprintln!(
            "  {name:<28} {:>8} {:>8} {:>6.1} MiB",
            "",
            "",
            mebibytes(peak)
        );
        if peak > MOST_MEMORY {
            missed.push(over(&name, peak, MOST_MEMORY));
        }
    }
    Ok(missed)
}

/// The peak of the memory, in KiB, of a watch that gave so many answers.
fn watch(program: &Path, files: &[PathBuf], store: &Store, answers: usize) -> Result<u64, String> {
    let asked = Asked {
        program,
        files,
        store,
        format: "json",
    };
    let mut child = asked
        .command()
        .arg("--watch=1s")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("can't run {}: {error}", program.display()))?;
    let out = child.stdout.take().ok_or("no output")?;
    let read = BufReader::new(out).lines().take(answers).count();
    let peak = peak_of(child.id());
    child
        .kill()
        .and_then(|()| child.wait())
        .map_err(|error| error.to_string())?;
    match (read == answers, peak) {
        (true, Some(peak)) => Ok(peak),
        (true, None) => Err("no peak of memory is known; this needs Linux".to_owned()),
        (false, _) => Err(format!("a watch ended after {read} answers")),
    }
}

fn over(name: &str, peak: u64, most: u64) -> String {
    let (peak, most) = (mebibytes(peak), mebibytes(most));
    format!("{name}: {peak:.1} MiB, allowed are {most:.1} MiB")
}

fn mebibytes(kibibytes: u64) -> f64 {
    kibibytes as f64 / 1024.0
}
