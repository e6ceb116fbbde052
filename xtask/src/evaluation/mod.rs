//! What a Prometheus 3 spends on the rules of 2,000 SLOs, in both modes: a real server, rules
//! at their interval of a minute, and a history as long as the window of the SLOs, because
//! that is what makes evaluation expensive. Needs six minutes and two gigabytes of disk.
//!
//! The history holds what the windows are summed up from: hourly counts of 31 days, counts of
//! the last minutes, and exported samples as far back as rules look. It fails where an SLO has
//! another error budget than its events make.

mod series;
mod server;

use crate::{
    Outcome,
    command::{self, root},
    interop::prometheus,
    machine,
    programs::slo,
    scale::fleet,
};
use series::{DAYS, Fleet};
use server::{Server, export, now};
use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    thread::sleep,
    time::{Duration, Instant},
};

const SERVICES: usize = 100;

const MODES: [&str; 2] = ["per-slo", "universal"];

const MINUTE: Duration = Duration::from_secs(60);

/// Every group is evaluated once a minute, at a moment of its own: after two minutes and what
/// the evaluation itself takes, all were evaluated twice.
const PATIENCE: Duration = Duration::from_secs(4 * 60);

/// Of the budget left, as a part of the whole: floating point, and nothing else.
const TOLERANCE: f64 = 1e-9;

/// What one mode costs.
struct Cost {
    groups: usize,
    rules: f64,
    series: f64,
    /// Seconds of all groups together, the one in the middle, and the slowest. They contain what
    /// a group waits for a core, a disk, or one of the engine's 20 slots.
    evaluating: f64,
    middle: f64,
    slowest: f64,
    /// Seconds of processor time in a minute.
    processor: f64,
    missed: f64,
    memory: f64,
}

pub(crate) fn run() -> Outcome {
    let folder = root().join("target/evaluation");
    let [program, promtool] = prometheus::programs()?;
    let exports = fleet::exports(&folder.join("exports"), SERVICES)?;
    let fleet = Arc::new(Fleet::new(SERVICES));
    let exporter = export(Arc::clone(&fleet)).map_err(|error| error.to_string())?;

    let homes = MODES.map(|mode| folder.join(mode));
    for (mode, home) in MODES.iter().zip(&homes) {
        let _ = fs::remove_dir_all(home);
        generate(mode, &exports, &home.join("rules"))?;
    }
    let data = folder.join("data");
    let samples = history(&promtool, &fleet, &folder, &data)?;
    eprintln!("  a history of {samples} samples");
    let mut costs = Vec::new();
    for (mode, home) in MODES.iter().zip(&homes) {
        copy(&data, &home.join("data")).map_err(|error| format!("{}: {error}", home.display()))?;
        let cost = measure(&program, home, exporter, &fleet);
        costs.push(cost.map_err(|why| format!("{mode}: {why}"))?);
    }
    for home in homes.iter().chain([&data]) {
        let _ = fs::remove_dir_all(home);
    }
    print(&costs, fleet.slos.len(), samples)
}

fn generate(mode: &str, exports: &[PathBuf], out: &Path) -> Outcome {
    fs::create_dir_all(out).map_err(|error| format!("{}: {error}", out.display()))?;
    command::quietly(
        slo()?
            .args(["generate", "prometheus", "--retention", "31"])
            .args(["--mode", mode, "-o"])
            .arg(out)
            .arg("--export")
            .args(exports),
    )
    .map(|_| ())
}

/// Makes blocks of what a fleet exported and rules recorded until now.
fn history(promtool: &Path, fleet: &Fleet, folder: &Path, data: &Path) -> Result<u64, String> {
    let _ = fs::remove_dir_all(data);
    let text = folder.join("history.txt");
    let samples = fleet
        .history(&text, now())
        .map_err(|error| format!("{}: {error}", text.display()))?;
    command::quietly(
        Command::new(promtool)
            .args(["tsdb", "create-blocks-from", "--quiet"])
            // One block for weeks, as compaction leaves them, instead of one for two hours.
            .args(["--max-block-duration", "744h", "openmetrics"])
            .args([&text, data]),
    )?;
    fs::remove_file(&text).map_err(|error| format!("{}: {error}", text.display()))?;
    Ok(samples)
}

fn measure(
    program: &Path,
    home: &Path,
    exporter: SocketAddr,
    fleet: &Fleet,
) -> Result<Cost, String> {
    let server = Server::start(program, home, exporter)?;
    let started = Instant::now();
    let evaluated = |times: f64| loop {
        let metrics = server.metrics()?;
        let iterations = metrics.all("prometheus_rule_group_iterations_total");
        if !iterations.is_empty() && iterations.iter().all(|done| *done >= times) {
            break Ok(());
        }
        if started.elapsed() > PATIENCE {
            break Err(format!("not every group was evaluated {times} times"));
        }
        // Not often: what it tells of thousands of groups takes time to write.
        sleep(Duration::from_secs(5));
    };
    // The first evaluation reads what no cache holds yet.
    evaluated(1.0)?;
    let before = server.metrics()?;
    let minute = Instant::now();
    sleep(MINUTE);
    let after = server.metrics()?;
    let minutes = minute.elapsed().as_secs_f64() / MINUTE.as_secs_f64();
    evaluated(2.0)?;

    let metrics = server.metrics()?;
    let failed = metrics.sum("prometheus_rule_evaluation_failures_total");
    if failed > 0.0 {
        return Err(format!("{failed} evaluations failed"));
    }
    same_budgets(&server, fleet)?;
    let mut durations = metrics.all("prometheus_rule_group_last_duration_seconds");
    durations.sort_by(f64::total_cmp);
    let processor = "process_cpu_seconds_total";
    let series = server.by_slo("count({__name__=~\"slo:.+\"})")?;
    Ok(Cost {
        groups: durations.len(),
        rules: metrics.sum("prometheus_rule_group_rules"),
        series: series.values().sum(),
        evaluating: durations.iter().sum(),
        middle: durations
            .get(durations.len() / 2)
            .copied()
            .unwrap_or_default(),
        slowest: durations.last().copied().unwrap_or_default(),
        processor: (after.sum(processor) - before.sum(processor)) / minutes,
        missed: metrics.sum("prometheus_rule_group_iterations_missed_total"),
        memory: metrics.sum("process_resident_memory_bytes"),
    })
}

/// Every SLO has the budget that follows from its events.
fn same_budgets(server: &Server, fleet: &Fleet) -> Outcome {
    let budgets = server.by_slo("slo:error_budget_left:ratio")?;
    if budgets.len() != fleet.slos.len() {
        let (is, wanted) = (budgets.len(), fleet.slos.len());
        return Err(format!("{is} error budgets of {wanted} SLOs"));
    }
    for slo in &fleet.slos {
        let left = budgets.get(&slo.name).copied().unwrap_or(f64::NAN);
        let wanted = slo.budget_left();
        let near = (left - wanted).abs() < TOLERANCE;
        if !near {
            return Err(format!(
                "{}: {left} of the error budget is left, not {wanted}",
                slo.name
            ));
        }
    }
    // Hourly counts of the whole window, not of the last minutes alone.
    let events = server.by_slo("sum by (slo) (slo:events:sum_window)")?;
    let least = events.values().copied().fold(f64::INFINITY, f64::min);
    let hours = 29.0 * 24.0;
    if least < hours * 60.0 * 10_000.0 {
        return Err(format!("an SLO has only {least} events in its window"));
    }
    Ok(())
}

fn print(costs: &[Cost], slos: usize, samples: u64) -> Outcome {
    let [per_slo, universal] = costs else {
        return Err("two modes, two costs".to_owned());
    };
    let row = |what: &str, of: &dyn Fn(&Cost) -> String| {
        eprintln!("| {what} | {} | {} |", of(per_slo), of(universal));
    };
    eprintln!(
        "\n{SERVICES} services, {slos} SLOs, {DAYS} days of history ({samples} samples)\n{}\n",
        machine::about()?
    );
    eprintln!("| each minute | per SLO | universal |\n| --- | --- | --- |");
    row("groups", &|cost| cost.groups.to_string());
    row("rules", &|cost| cost.rules.to_string());
    row("series recorded", &|cost| cost.series.to_string());
    row("evaluating, all groups", &|cost| {
        format!("{:.2} s", cost.evaluating)
    });
    row("evaluating, the group in the middle", &|cost| {
        format!("{:.3} s", cost.middle)
    });
    row("evaluating, the slowest group", &|cost| {
        format!("{:.3} s", cost.slowest)
    });
    row("processor time of Prometheus", &|cost| {
        format!("{:.1} s", cost.processor)
    });
    row("resident memory", &|cost| {
        format!("{:.0} MiB", cost.memory / f64::from(1 << 20))
    });
    row("evaluations skipped", &|cost| cost.missed.to_string());
    Ok(())
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
