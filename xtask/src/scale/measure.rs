//! Time and memory of a child process.

use std::{
    fmt, fs,
    path::Path,
    process::{Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

/// How often the child's memory is looked at. What counts is its peak so far, which the system
/// keeps, so only what it reaches in its last moments can be missed.
const EVERY: Duration = Duration::from_millis(1);

/// What a run took, and what it gave.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) time: Duration,
    /// Peak of the resident memory, in KiB.
    pub(super) peak: u64,
    files: usize,
    bytes: u64,
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mebibytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        write!(
            f,
            "{:>6.2} s {:>6.1} MiB {:>7} {:>6.1} MiB",
            self.time.as_secs_f64(),
            mebibytes(self.peak * 1024),
            self.files,
            mebibytes(self.bytes)
        )
    }
}

/// Runs a command that writes into a folder.
pub(super) fn measure(command: &mut Command, out: &Path) -> Result<Run, String> {
    let (time, peak, ended) = run(command)?;
    if !ended.success() {
        let shown = command.get_program().display();
        return Err(format!("{shown} failed: {ended}"));
    }
    let sizes = sizes(out).map_err(|error| format!("{}: {error}", out.display()))?;
    Ok(Run {
        time,
        peak,
        files: sizes.len(),
        bytes: sizes.iter().sum(),
    })
}

/// Runs a command, and gives how long it took, the peak of its memory in KiB, and how it ended.
pub(super) fn run(command: &mut Command) -> Result<(Duration, u64, ExitStatus), String> {
    let shown = command.get_program().display().to_string();
    let start = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("can't run {shown}: {error}"))?;
    let mut peak = 0;
    let ended = loop {
        peak = peak.max(peak_of(child.id()).unwrap_or(0));
        let ended = child
            .try_wait()
            .map_err(|error| format!("{shown}: {error}"))?;
        if let Some(ended) = ended {
            break ended;
        }
        std::thread::sleep(EVERY);
    };
    let time = start.elapsed();
    match peak {
        0 => Err(format!(
            "no peak of the memory of {shown} is known; this needs Linux"
        )),
        peak => Ok((time, peak, ended)),
    }
}

/// `VmHWM` of a process: the most that was resident so far, in KiB.
pub(super) fn peak_of(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

/// The sizes of all files in a folder.
fn sizes(folder: &Path) -> std::io::Result<Vec<u64>> {
    let mut sizes = Vec::new();
    for entry in fs::read_dir(folder)? {
        let about = entry?.metadata()?;
        if about.is_file() {
            sizes.push(about.len());
        }
    }
    Ok(sizes)
}
