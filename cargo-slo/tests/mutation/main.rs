//! Every reader against inputs that chance has touched: files, repositories and the answers of
//! stores.
//!
//! The command runs within this program, where what it allocates is counted and a panic is caught;
//! every so many inputs it runs as a process of its own, in a bounded memory, and has to end alike.
//! The inputs follow from a seed, which is printed:
//!
//! - `SLO_MUTATION_SEED=n` takes another one,
//! - `SLO_MUTATION_INPUTS=n` tries more or fewer of them,
//! - `SLO_MUTATION_ONLY=n` tries one of them and leaves it in a folder that it names.

#![expect(clippy::unwrap_used, reason = "these are tests")]
#![expect(clippy::print_stdout, reason = "it says what it tried")]
#![allow(clippy::disallowed_methods, reason = "tests read what they wrote")]

#[path = "../it/fixtures.rs"]
#[allow(dead_code, reason = "most of it is for other tests")]
mod fixtures;
mod mutate;
mod repository;
#[path = "../histories/splitmix.rs"]
#[allow(dead_code, reason = "scattered counts are for other tests")]
mod splitmix;
mod store;
mod targets;
mod worker;

use std::{
    env, fs,
    path::Path,
    process::{Child, Command, ExitCode, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How many inputs there are, unless the environment says otherwise.
const INPUTS: u64 = 5_200;

const SEED: u64 = 20_260_501;

/// Whoever is at one input for as long hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// Programs that share the inputs.
const WORKERS: u64 = 2;

fn main() -> ExitCode {
    if let Ok(folder) = env::var(worker::FOLDER) {
        worker::run(&folder);
        return ExitCode::SUCCESS;
    }
    // For programs that ask which tests there are.
    if env::args().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let number = |name: &str, usual: u64| env::var(name).map_or(usual, |n| n.parse().unwrap());
    let seed = number("SLO_MUTATION_SEED", SEED);
    let inputs = number("SLO_MUTATION_INPUTS", INPUTS);
    let only = env::var("SLO_MUTATION_ONLY").ok();
    let shares: Vec<(u64, u64, u64)> = match &only {
        Some(only) => {
            let only = only.parse().unwrap();
            vec![(only, only + 1, 1)]
        }
        None => (0..WORKERS).map(|n| (n, inputs, WORKERS)).collect(),
    };
    println!("seed {seed}, {inputs} inputs");
    let start = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    let mut workers = Vec::new();
    for share in shares {
        let folder = folder.path().join(share.0.to_string());
        fs::create_dir(&folder).unwrap();
        let worker = Command::new(env::current_exe().unwrap())
            .env(worker::FOLDER, &folder)
            .env(
                worker::SHARE,
                format!("{seed} {} {} {}", share.0, share.1, share.2),
            )
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        workers.push((worker, folder));
    }
    let mut wrong = 0;
    for (worker, folder) in workers {
        let how = ended(worker, &folder.join(worker::AT));
        let report = fs::read_to_string(folder.join(worker::REPORT)).unwrap_or_default();
        print!("{report}");
        wrong += report.matches(worker::WRONG).count();
        if how != Some(0) {
            let at = fs::read_to_string(folder.join(worker::AT)).unwrap_or_default();
            println!(
                "{}: input {at} ended or held up the program: {how:?}",
                worker::WRONG
            );
            wrong += 1;
        }
    }
    println!("{wrong} wrong, {:.1} s", start.elapsed().as_secs_f64());
    if only.is_some() {
        println!("what was tried lies in {}", folder.keep().display());
    }
    match wrong {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// The exit code; nothing for a program that a signal ended, or that hangs.
fn ended(mut worker: Child, at: &Path) -> Option<i32> {
    let (mut last, mut since) = (None, Instant::now());
    loop {
        let now = fs::read_to_string(at).ok();
        if now != last {
            (last, since) = (now, Instant::now());
        }
        if let Some(status) = worker.try_wait().unwrap() {
            return status.code();
        }
        if since.elapsed() > PATIENCE {
            worker.kill().unwrap();
            worker.wait().unwrap();
            return None;
        }
        thread::sleep(Duration::from_millis(50));
    }
}
