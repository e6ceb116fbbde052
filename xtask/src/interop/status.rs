//! `cargo slo status` and `cargo slo gate` against a Prometheus 3 that holds six days.
//!
//! The days are made up minute by minute, with an incident and a process that takes over from
//! another. Prometheus' own rule manager evaluates our rules over them, each minute, and a server is
//! started on what that recorded. What the commands say has to be what was made up: budgets to the
//! event, when a spent one is back to the hour, and calendar weeks that begin within an hour.

use super::{
    prometheus::{self, Server},
    tools,
};
use crate::{
    Outcome,
    command::{self, root},
    programs, promtool,
};
use serde_json::{Value, json};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const DAY: i64 = 86_400;

/// Thursday, 2027-01-14 at 08:20:34 UTC: not at the start of an hour, and days before a Monday.
const BEGIN: i64 = 1_799_914_834;
const DAYS: i64 = 6;

/// Monday, 2027-01-18 at 00:00 in Kolkata.
const MONDAY: i64 = 1_800_210_600;

/// How late what was exported is recorded: the next export, an evaluation of the rules that count,
/// and one of those that sum up.
const DELAY: i64 = 3 * MINUTE;

/// Minutes from the start, in which most is bad.
const INCIDENT: std::ops::Range<i64> = 3 * 1440..3 * 1440 + 40;

/// The endpoints, with the window of their journeys.
const ENDPOINTS: [(&str, &str, &str); 2] = [
    ("pay", "checkout", "2d"),
    ("look", "browse", "calendar-week"),
];

/// What an endpoint counted in one of its minutes: good and bad events.
fn events(minute: i64) -> [i64; 2] {
    match INCIDENT.contains(&minute) {
        true => [10, 90],
        false => [100, 0],
    }
}

/// The events of the first minutes.
fn counted(minutes: i64) -> [i64; 2] {
    let mut sum = [0; 2];
    for minute in 0..minutes.max(0) {
        let [good, bad] = events(minute);
        sum = [sum[0] + good, sum[1] + bad];
    }
    sum
}

/// How many minutes were exported until a moment: seven seconds after each.
fn exported(at: i64) -> i64 {
    (at - BEGIN - 7).div_euclid(MINUTE)
}

/// The process that has counted since the start, and the one that takes over after these minutes.
const TAKEN_OVER: i64 = 2 * 1440 + 17;

pub(super) fn run() -> Outcome {
    let judge = tools::built("rules", ".")?;
    prometheus::programs()?;
    let mut plays = Vec::new();
    for mode in ["per-slo", "universal"] {
        let folder = root().join("target/interop/status").join(mode);
        let _ = fs::remove_dir_all(&folder);
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        fs::create_dir_all(&folder).map_err(failed)?;
        fs::write(folder.join("prometheus.yml"), "global: {}\n").map_err(failed)?;
        let export = export(&folder)?;
        let rules = rules(&folder, &export, mode)?;
        plays.push(Play {
            mode,
            folder,
            export,
            rules,
        });
    }
    played(&judge, &plays)?;
    for play in &plays {
        let server = Server::run(&play.folder, &["--storage.tsdb.retention.time=1000d"])?;
        let asking = Asking {
            server: &server,
            export: &play.export,
        };
        let budgets = asking.budgets()?;
        let back = asking.recovery()?;
        asking.who_spent_it()?;
        asking.gate()?;
        asking.nothing()?;
        eprintln!(
            "  status: {}: {budgets} budgets; back within {back} min of what Prometheus says",
            play.mode
        );
    }
    Ok(())
}

/// Rules, and where what they record is kept.
struct Play {
    mode: &'static str,
    folder: PathBuf,
    export: PathBuf,
    rules: Vec<PathBuf>,
}

/// The export of the service, with a policy.
fn export(folder: &Path) -> Result<PathBuf, String> {
    let records = ENDPOINTS.map(|(endpoint, journey, window)| {
        json!({
            "name": endpoint,
            "journey": {
                "name": journey,
                "hash": "1",
                "objectives": {"availability_ppb": 990_000_000, "window": window},
            },
            "hash": "2",
            "source": {
                "package": "p", "version": "1.0.0", "module": "m", "function": "f", "file": "f.rs", "line": 1,
            },
        })
    });
    let raw = json!({"format": 1, "generator": "", "service": "orders", "records": records});
    let write = |name: &str, text: String| {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| error.to_string())?;
        Ok::<_, String>(path)
    };
    let raw = write("raw.slo.json", raw.to_string())?;
    let facts = "service = \"orders\"\n[[budget-policy]]\nleft = \"0%\"\nthen = \"freeze\"\n";
    let facts = write("slo.toml", facts.to_owned())?;
    let out = folder.join("exports");
    command::quietly(
        slo(&["export", "--export"])?
            .arg(raw)
            .arg("--slo-toml")
            .arg(facts)
            .arg("-o")
            .arg(&out),
    )?;
    Ok(out.join("orders.slo.json"))
}

fn slo(arguments: &[&str]) -> Result<Command, String> {
    let mut command = programs::slo()?;
    command.args(arguments);
    Ok(command)
}

fn rules(folder: &Path, export: &Path, mode: &str) -> Result<Vec<PathBuf>, String> {
    let out = folder.join("rules");
    let mut generate = slo(&["generate", "prometheus", "--mode", mode, "-o"])?;
    command::quietly(generate.arg(&out).arg("--export").arg(export))?;
    let files = fs::read_dir(&out).map_err(|error| error.to_string())?;
    let files = files.filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
        .collect();
    files.sort();
    match files.is_empty() {
        true => Err(format!("no rules in {}", out.display())),
        false => Ok(files),
    }
}

/// Has the rules of all plays evaluated over all days, side by side, and what they recorded kept.
fn played(judge: &Path, plays: &[Play]) -> Outcome {
    let minutes = DAYS * 1440;
    let mut child = Command::new(judge)
        .env(promtool::LESS_GARBAGE.0, promtool::LESS_GARBAGE.1)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{}: {error}", judge.display()))?;
    let mut to = child.stdin.take().ok_or("no standard input")?;
    for play in plays {
        let history = json!({
            "rules": play.rules,
            "phased": true,
            "series": series(minutes),
            "evaluated": (0..minutes).map(|minute| BEGIN + minute * MINUTE).collect::<Vec<_>>(),
            "snapshot": play.folder.join("data"),
        });
        writeln!(to, "{history}").map_err(|error| error.to_string())?;
    }
    drop(to);
    let output = child
        .wait_with_output()
        .map_err(|error| error.to_string())?;
    let answers = serde_json::Deserializer::from_slice(&output.stdout).into_iter::<Value>();
    let mut answered = 0;
    for answer in answers {
        let answer = answer.map_err(|error| error.to_string())?;
        if let Some(error) = answer["error"].as_str().filter(|error| !error.is_empty()) {
            return Err(error.to_owned());
        }
        answered += 1;
    }
    match answered == plays.len() {
        true => Ok(()),
        false => Err(format!("{answered} of {} plays were answered", plays.len())),
    }
}

/// What both processes exported.
fn series(minutes: i64) -> Vec<Value> {
    let mut all = Vec::new();
    for (id, first, last) in [("a", 0, TAKEN_OVER), ("b", TAKEN_OVER, minutes)] {
        let at = |minute: i64| BEGIN + minute * MINUTE + 7;
        let mut add = |name: &str, more: Value, value: &dyn Fn(i64) -> Value| {
            let mut labels = json!({"__name__": name, "job": "orders", "instance": id});
            for (label, value) in more.as_object().into_iter().flatten() {
                labels[label] = value.clone();
            }
            let samples =
                (first + 1..=last).map(|minute| json!([at(minute), at(minute), value(minute)]));
            all.push(json!({"labels": labels, "samples": samples.collect::<Vec<_>>()}));
        };
        add("slo_start_time_seconds", json!({}), &|_| json!(at(first)));
        for (endpoint, journey, window) in ENDPOINTS {
            let mut sums = vec![[0, 0]];
            for minute in first..last {
                let [good, bad] = events(minute);
                let [sum_good, sum_bad] = sums[sums.len() - 1];
                sums.push([sum_good + good, sum_bad + bad]);
            }
            for (n, outcome) in ["good", "bad"].into_iter().enumerate() {
                let labels = json!({
                    "slo_journey": journey, "slo_endpoint": endpoint, "slo_sli": "availability",
                    "slo_outcome": outcome,
                });
                let index = |minute: i64| usize::try_from(minute - first).unwrap_or(0);
                add("slo_events_total", labels, &|minute| {
                    json!(sums[index(minute)][n])
                });
            }
            // Four of five are those of a consumer.
            for (consumer, of_ten) in [("billing", 8), ("other", 2)] {
                for (n, outcome) in ["good", "bad"].into_iter().enumerate() {
                    let labels = json!({
                        "slo_journey": journey, "slo_endpoint": endpoint, "slo_sli": "availability",
                        "slo_outcome": outcome, "slo_consumer": consumer,
                    });
                    let index = |minute: i64| usize::try_from(minute - first).unwrap_or(0);
                    add("slo_consumer_events_total", labels, &|minute| {
                        json!(sums[index(minute)][n] * of_ten / 10)
                    });
                }
            }
            for (n, result) in ["ok", "server_error"].into_iter().enumerate() {
                let labels = json!({
                    "slo_journey": journey, "slo_endpoint": endpoint, "slo_result": result,
                });
                let index = |minute: i64| usize::try_from(minute - first).unwrap_or(0);
                add("slo_results_total", labels, &|minute| {
                    json!(sums[index(minute)][n])
                });
            }
            let labels = json!({
                "slo_journey": journey, "slo_sli": "availability", "slo_window": window,
            });
            add("slo_objective_ratio", labels, &|_| json!(0.99));
        }
    }
    all
}

struct Asking<'a> {
    server: &'a Server,
    export: &'a Path,
}

impl Asking<'_> {
    fn ask(&self, command: &str, at: i64, more: &[&str]) -> Result<Output, String> {
        let moment = format!("{at}");
        let moment = command::quietly(
            Command::new("date")
                .args(["-u", "-d"])
                .arg(format!("@{moment}"))
                .arg("+%FT%TZ"),
        )?;
        slo(&[
            command,
            "--prometheus",
            &self.server.url(),
            "--format",
            "json",
            "--at",
        ])?
        .arg(moment.trim())
        .args(["--time-zone", "Asia/Kolkata", "--export"])
        .arg(self.export)
        .args(more)
        .output()
        .map_err(|error| error.to_string())
    }

    fn status(&self, at: i64, slo: &str) -> Result<Value, String> {
        let output = self.ask("status", at, &[])?;
        let report: Value = serde_json::from_slice(&output.stdout)
            .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)))?;
        let slos = report["slos"].as_array().cloned().unwrap_or_default();
        let found = slos.into_iter().find(|status| status["slo"] == slo);
        found.ok_or(format!("nothing of {slo} at {at}: {report}"))
    }

    /// Budgets at many moments, each between what was exported and what could be recorded by then.
    fn budgets(&self) -> Result<usize, String> {
        let mut compared = 0;
        let moments = (0..40).map(|n| BEGIN + 2 * DAY + n * (2 * HOUR + 17 * MINUTE + 11));
        for at in moments.take_while(|at| *at < BEGIN + DAYS * DAY - 5 * MINUTE) {
            for (slo, start) in [
                ("orders/checkout.availability", at - 2 * DAY),
                ("orders/browse.availability", MONDAY),
            ] {
                // Of the week before, nothing is recorded from its start on.
                if slo.contains("browse") && at < MONDAY + HOUR {
                    continue;
                }
                let status = self.status(at, slo)?;
                let sum = |at: i64| counted(exported(at));
                let (late, now) = (sum(at - DELAY), sum(at));
                let (before_late, before) = (sum(start - DELAY), sum(start + DELAY));
                for (n, outcome) in ["good", "bad"].into_iter().enumerate() {
                    let told = status["budget"][outcome].as_i64();
                    let least = late[n] - before[n];
                    let most = now[n] - before_late[n];
                    if !told.is_some_and(|told| (least..=most).contains(&told)) {
                        return Err(format!(
                            "{slo} at {at}: {outcome} is not in {least} to {most}: {status:#}"
                        ));
                    }
                    compared += 1;
                }
            }
        }
        match compared > 100 {
            true => Ok(compared),
            false => Err(format!("{compared} budgets")),
        }
    }

    /// When the budget is back, against what Prometheus says then; gives the difference in minutes.
    fn recovery(&self) -> Result<i64, String> {
        let slo = "orders/checkout.availability";
        let at = BEGIN + INCIDENT.end * MINUTE + 6 * HOUR;
        let status = self.status(at, slo)?;
        let back = |key: &str| {
            status["back"][key]
                .as_i64()
                .ok_or(format!("no {key} in {status:#}"))
        };
        let (earliest, usual, latest) = (back("earliest")?, back("usual")?, back("latest")?);
        let is_back = |at: i64| -> Result<bool, String> {
            let expr = format!("slo:error_budget_left:ratio{{slo=\"{slo}\"}} @ {at} > 0");
            Ok(!self.server.query(&expr)?.is_empty())
        };
        let mut first = at;
        while !is_back(first)? {
            first += MINUTE;
            if first > at + 3 * DAY {
                return Err("the budget is never back".to_owned());
            }
        }
        let off = (first - usual).abs();
        match off <= HOUR && (earliest - HOUR..=latest + HOUR).contains(&first) {
            true => Ok(off / MINUTE),
            false => Err(format!(
                "back at {first}, not {usual} ({earliest} to {latest})"
            )),
        }
    }

    /// The incident is an episode, and its parts are those that were made up.
    fn who_spent_it(&self) -> Outcome {
        let slo = "orders/checkout.availability";
        let at = BEGIN + INCIDENT.end * MINUTE + 6 * HOUR;
        let output = self.ask("status", at, &["--explain", slo])?;
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let spent = &report["slos"][0]["spent"];
        let episode = &spent[0];
        let bad = (INCIDENT.end - INCIDENT.start) * 90;
        let start = episode["start"].as_i64().unwrap_or(0) - (BEGIN + INCIDENT.start * MINUTE);
        let end = episode["end"].as_i64().unwrap_or(0) - (BEGIN + INCIDENT.end * MINUTE);
        let is_it = spent.as_array().map(Vec::len) == Some(1)
            && episode["bad"] == bad
            && (0..=DELAY).contains(&start)
            && (0..=DELAY).contains(&end);
        if !is_it {
            return Err(format!(
                "the incident is {start} and {end} s off: {report:#}"
            ));
        }
        let expected = [
            ("endpoint", &[("pay", bad)][..]),
            ("result", &[("server_error", bad)]),
            (
                "consumer",
                &[("billing", bad * 8 / 10), ("other", bad * 2 / 10)],
            ),
            ("instance", &[("b", bad)]),
        ];
        let splits = episode["by"].as_array().cloned().unwrap_or_default();
        for (kind, parts) in expected {
            let split = splits.iter().find(|split| split["kind"] == kind);
            let split = split.ok_or(format!("nothing by {kind}: {report:#}"))?;
            let told = split["parts"].as_array().into_iter().flatten();
            let told: Vec<_> = told
                .map(|part| {
                    (
                        part["name"].as_str().unwrap_or_default(),
                        part["bad"].as_i64().unwrap_or(0),
                    )
                })
                .collect();
            if told != parts || split["unattributed"] != 0 {
                return Err(format!("by {kind}: {split:#}, not {parts:?}"));
            }
        }
        Ok(())
    }

    /// The gate opens and closes with the budget, and knows the kind of change.
    fn gate(&self) -> Outcome {
        let (before, spent) = (BEGIN + 2 * DAY + HOUR, BEGIN + INCIDENT.end * MINUTE + HOUR);
        let back = BEGIN + INCIDENT.end * MINUTE + 2 * DAY + HOUR;
        let nowhen = BEGIN - DAY;
        let file = self.export.with_file_name("overrides.toml");
        let text = "[[override]]\nslo = \"orders\"\nuntil = \"2027-01-17\"\nbecause = \"the sale\"\nby = \"Sato\"\n";
        fs::write(&file, text).map_err(|error| error.to_string())?;
        let overrides = file.display().to_string();
        for (at, more, code, answer) in [
            (before, &["--change", "feature"][..], 0, "open"),
            (spent, &["--change", "feature"], 1, "closed"),
            (spent, &["--change", "fix"], 0, "open"),
            (spent, &["--change", "rollback"], 0, "open"),
            (spent, &["--overrides", &overrides], 0, "open"),
            (spent + DAY, &["--overrides", &overrides], 1, "closed"),
            (back, &[], 0, "open"),
            (nowhen, &[], 2, "unknown"),
            (nowhen, &["--change", "rollback"], 0, "open"),
        ] {
            let output = self.ask("gate", at, more)?;
            let told: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
            if output.status.code() != Some(code) || told["answer"] != answer {
                let said = String::from_utf8_lossy(&output.stderr);
                return Err(format!(
                    "at {at} with {more:?}: {:?}, {told:#}\n{said}",
                    output.status
                ));
            }
        }
        Ok(())
    }

    /// Before the first event nothing is made up.
    fn nothing(&self) -> Outcome {
        let output = self.ask("status", BEGIN - DAY, &[])?;
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let slos = report["slos"].as_array().cloned().unwrap_or_default();
        let is_unknown =
            |status: &Value| status["state"] == "not-measured" && status["budget"].is_null();
        match output.status.code() == Some(2) && !slos.is_empty() && slos.iter().all(is_unknown) {
            true => Ok(()),
            false => Err(format!("{:?}: {report:#}", output.status)),
        }
    }
}
