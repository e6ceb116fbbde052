//! A program that tries its share of the inputs, one after the other.

use crate::{
    fixtures::Sandbox,
    mutate::mutated,
    splitmix::Random,
    store::{Store, http},
    targets::{Input, Target, all},
};
use cargo_slo::cli::{Exit, run as run_command};
use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    fs, panic,
    sync::Mutex,
    time::{Duration, Instant},
};

/// The variables that make this program a worker: where, and which inputs.
pub(crate) const FOLDER: &str = "SLO_MUTATION_FOLDER";
pub(crate) const SHARE: &str = "SLO_MUTATION_SHARE";

/// The files it leaves: what it found, and the input it is at.
pub(crate) const REPORT: &str = "report";
pub(crate) const AT: &str = "at";

/// What a line of the report begins with that says so.
pub(crate) const WRONG: &str = "WRONG";

/// One of so many inputs is also given to the command as a process.
const SAMPLED: u64 = 40;

/// What an input may take: bytes that are allocated at a time, and time on a processor.
const MAX_BYTES: u64 = 64 << 20;
const MAX_TIME: Duration = Duration::from_secs(2);

/// Resident memory of the whole program, in KiB, with all that the test itself holds.
const MAX_RESIDENT: u64 = 96 << 10;

static PANIC: Mutex<String> = Mutex::new(String::new());

/// What was tried.
#[derive(Default)]
struct Tally {
    codes: BTreeMap<i32, u32>,
    most_bytes: u64,
    longest: Duration,
    wrong: Vec<String>,
}

pub(crate) fn run(folder: &str) {
    panic::set_hook(Box::new(|info| *PANIC.lock().unwrap() = info.to_string()));
    let sandbox = Sandbox::at(folder.into());
    env::set_current_dir(folder).unwrap();
    let store = Store::started();
    let targets = all(&sandbox, &store.address);
    let share: Vec<u64> = env::var(SHARE)
        .unwrap()
        .split(' ')
        .map(|number| number.parse().unwrap())
        .collect();
    let [seed, from, to, step] = share[..] else {
        panic!("{share:?}")
    };
    let mut tallies: Vec<Tally> = targets.iter().map(|_| Tally::default()).collect();
    for number in (from..to).step_by(usize::try_from(step).unwrap()) {
        fs::write(sandbox.path(AT), number.to_string()).unwrap();
        let mut random = Random(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let target = random.below(targets.len());
        let (tally, target) = (&mut tallies[target], &targets[target]);
        let put_right = touched(&sandbox, &store, target, &mut random);
        if let Err(what) = attempt(target, &sandbox, number % SAMPLED == 0, tally) {
            tally.wrong.push(format!("{WRONG}: input {number}: {what}"));
        }
        if step > 1 || to > from + 1 {
            put_right();
        }
    }
    let mut report = String::new();
    for (target, tally) in targets.iter().zip(&tallies) {
        let Tally {
            codes,
            most_bytes,
            longest,
            wrong,
        } = tally;
        report += &format!(
            "{:>5} KiB {:>4} ms {codes:?} {}\n",
            most_bytes >> 10,
            longest.as_millis(),
            target.command
        );
        report += &wrong
            .iter()
            .map(|line| format!("{line}\n"))
            .collect::<String>();
    }
    if let Some(resident) = most_resident() {
        report += &format!("{resident} KiB resident at most\n");
        if resident > MAX_RESIDENT {
            report += &format!("{WRONG}: more than {MAX_RESIDENT} KiB resident\n");
        }
    }
    fs::write(sandbox.path(REPORT), report).unwrap();
}

/// Puts a changed input where it is read, and gives what puts it right again.
fn touched(
    sandbox: &Sandbox,
    store: &Store,
    target: &Target,
    random: &mut Random,
) -> Box<dyn FnOnce()> {
    let seeds = &target.seeds;
    let mut changed = || {
        let (one, other) = (random.below(seeds.len()), random.below(seeds.len()));
        (one, mutated(random, &seeds[one], &seeds[other]))
    };
    match &target.input {
        Input::File(name) => {
            let (_, bytes) = changed();
            let path = sandbox.write(name, bytes);
            let whole = seeds[0].clone();
            Box::new(move || fs::write(path, whole).unwrap())
        }
        Input::Repository(repository) => Box::new(repository.mutate(random)),
        Input::Store => {
            let (one, mut bytes) = changed();
            // The head is left alone every second time, and says how long the body is.
            if random.below(2) == 0 {
                let body = seeds[one]
                    .windows(4)
                    .position(|four| four == b"\r\n\r\n")
                    .unwrap()
                    + 4;
                bytes = http(&mutated(random, &seeds[one][body..], b"[]"));
            }
            store.answer(bytes);
            Box::new(|| {})
        }
    }
}

fn attempt(
    target: &Target,
    sandbox: &Sandbox,
    is_sampled: bool,
    tally: &mut Tally,
) -> Result<(), String> {
    let arguments = ["cargo-slo", "slo"]
        .into_iter()
        .chain(target.command.split(' '));
    let arguments: Vec<_> = arguments.map(OsString::from).collect();
    let mut exit = None;
    let start = on_processor();
    let allocated = allocation_counter::measure(|| {
        exit = panic::catch_unwind(move || run_command(arguments)).ok();
    });
    let took = on_processor() - start;
    let exit: Exit =
        exit.ok_or_else(|| format!("{}\n{}", target.command, PANIC.lock().unwrap()))?;
    let code = i32::from(exit.code());
    *tally.codes.entry(code).or_default() += 1;
    tally.most_bytes = tally.most_bytes.max(allocated.bytes_max);
    tally.longest = tally.longest.max(took);
    if allocated.bytes_max > MAX_BYTES {
        return Err(format!("{} bytes: {}", allocated.bytes_max, target.command));
    }
    if took > MAX_TIME {
        return Err(format!("{took:?}: {}", target.command));
    }
    #[cfg(unix)]
    if is_sampled {
        let run = sandbox.slo_within(u32::try_from(MAX_BYTES >> 10).unwrap(), &target.command);
        if run.code != code || run.err.contains("panicked") {
            return Err(format!(
                "a process ended otherwise than with {code}: {run:?}"
            ));
        }
    }
    Ok(())
}

/// How long this thread was on a processor; where that is unknown, how late it is.
fn on_processor() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse().ok());
    match nanoseconds {
        Some(nanoseconds) => Duration::from_nanos(nanoseconds),
        None => START.get_or_init(Instant::now).elapsed(),
    }
}

/// The most memory that was resident, in KiB, where the system says so.
fn most_resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
