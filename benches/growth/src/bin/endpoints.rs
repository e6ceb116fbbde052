//! The table of endpoints. `endpoints FOLDER NUMBER…`: the folder holds a program `eN` with the
//! given number of endpoints for each number.

use slo_growth::{grown::modes, middle::median, receiver::Receiver};
use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Instant, UNIX_EPOCH},
};

#[expect(clippy::print_stdout, reason = "its output")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("usage: endpoints FOLDER NUMBER…")?);
    let receiver = Receiver::start()?;
    println!(
        "| endpoints | program, bytes | process starts and ends, ms | `init`, ms | and the first \
         export, ms | resident memory before and after it, KiB | export, bytes | series | \
         one collection, ms | µs a series | first event of an endpoint, ns | next, ns | \
         series through a provider without the view |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    );
    for number in arguments {
        let program = folder.join(format!("e{number}{}", env::consts::EXE_SUFFIX));
        println!("{}", row(&number, &program, &receiver)?);
    }
    Ok(())
}

fn row(number: &str, program: &Path, receiver: &Receiver) -> Result<String, Box<dyn Error>> {
    const TIMES: usize = 11;
    let call = |mode| numbers(program, mode, &receiver.url());
    let mut starts = Vec::new();
    for _ in 0..TIMES {
        let start = Instant::now();
        call(modes::NOTHING)?;
        starts.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let mut inits = Vec::new();
    let mut exports = Vec::new();
    let mut resident = Vec::new();
    for _ in 0..TIMES {
        receiver.take_first_at();
        let [began, init, before, after] = four(&call(modes::EXPORT)?)?;
        let arrived = receiver.take_first_at().ok_or("nothing was exported")?;
        let arrived = arrived.duration_since(UNIX_EPOCH)?.as_micros() as u64;
        inits.push(init);
        exports.push(arrived.saturating_sub(began));
        resident.push((before, after));
    }
    let received = receiver.last();
    if received.overflows > 0 {
        return Err(format!("{number} endpoints: `init` loses series: {received:?}").into());
    }
    let mut collections = Vec::new();
    for _ in 0..TIMES {
        let [collection, series, ..] = four(&call(modes::COLLECT)?)?;
        collections.push((collection, series));
    }
    // The provider collects on a thread of its own, which a busy machine lets wait.
    let (collection, series) = collections.into_iter().min().unwrap_or_default();
    let [_, without_view, ..] = four(&call(modes::COLLECT_WITHOUT_VIEW)?)?;
    let counted = call(modes::COUNT)?;
    let [first, next] = counted[..] else {
        return Err(format!("two numbers expected, not {counted:?}").into());
    };
    let ms = |micros: u64| micros as f64 / 1e3;
    let (before, after) = median(resident);
    Ok(format!(
        "| {number} | {} | {:.1} | {:.1} | {:.1} | {before} → {after} | {} | {series} | {:.2} | \
         {:.2} | {first} | {next} | {without_view} |",
        fs::metadata(program)?.len(),
        median(starts),
        ms(median(inits)),
        ms(median(exports)),
        received.bytes,
        ms(collection),
        collection as f64 / series as f64,
    ))
}

fn four(numbers: &[u64]) -> Result<[u64; 4], Box<dyn Error>> {
    numbers
        .try_into()
        .map_err(|_| format!("four numbers expected, not {numbers:?}").into())
}

/// What a program says when it is called for this.
fn numbers(program: &Path, mode: &str, url: &str) -> Result<Vec<u64>, Box<dyn Error>> {
    let output = Command::new(program)
        .arg(mode)
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        .output()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{} {mode}: {} {said}", program.display(), output.status).into());
    }
    let text = String::from_utf8(output.stdout)?;
    let numbers = text.split_whitespace().map(str::parse);
    Ok(numbers.collect::<Result<_, _>>()?)
}
