//! `cargo slo check --prometheus` against a Prometheus 3 that holds three months.
//!
//! The months are made up minute by minute, with restarts, a pod that is replaced and an error now
//! and then, so every count is known; they become blocks of a database, and a server is started on
//! them. The history that is read back has to hold the same counts, as exactly as `increase` tells
//! them, under both spellings of names, and the findings have to be those that the counts make.
//!
//! Then the example shop sends its metrics to an empty server, and everything that its annotations
//! promise has to be found there, under the labels that the SDK and Prometheus give them.

use super::{
    made,
    prometheus::{self, Server},
};
use crate::{
    Outcome,
    command::{self, root},
    programs::{self, Programs},
};
use serde_json::Value;
use std::{
    fmt::Write as _,
    fs,
    io::{BufWriter, Write as _},
    path::Path,
    process::{Command, Stdio},
    time::{SystemTime, UNIX_EPOCH},
};

const MINUTE: u64 = 60;
const DAY: u64 = 86_400;
const DAYS: u64 = 90;

/// How often a sample is taken; what falls between two days is seen by neither.
const STEP: u64 = 5 * MINUTE;

/// What `increase` may be off by: a sample at each end of a day, and rounding.
const TOLERANCE: f64 = 0.01;

/// The exports that are checked: the fleet that rules are tried with.
const FLEET: &str = "cargo-slo/tests/it/fleet";

/// A counter, and what it grows by at each sample.
struct Counter {
    labels: Vec<(&'static str, &'static str)>,
    name: &'static str,
    grows: fn(u64) -> u64,
}

/// Counters of the service `orders`: what is bad is rare in one endpoint, and too much in the
/// latency of the other.
fn counters() -> Vec<Counter> {
    let events = |endpoint, sli, outcome, grows| {
        let mut labels = vec![
            ("slo.journey", "checkout"),
            ("slo.endpoint", endpoint),
            ("slo.sli", sli),
            ("slo.outcome", outcome),
        ];
        if sli == "latency" {
            labels.push(("slo.threshold", "0.5"));
        }
        Counter {
            labels,
            name: "slo.events_total",
            grows,
        }
    };
    let result = |endpoint, grows| Counter {
        labels: vec![
            ("slo.journey", "checkout"),
            ("slo.endpoint", endpoint),
            ("slo.result", "ok"),
        ],
        name: "slo.results_total",
        grows,
    };
    let bucket = |endpoint, le, grows| Counter {
        labels: vec![("slo.endpoint", endpoint), ("le", le)],
        name: "slo.duration_seconds_bucket",
        grows,
    };
    vec![
        events("cart", "availability", "good", |_| 1_000),
        events("cart", "availability", "bad", |n| u64::from(n % 97 == 0)),
        events("cart", "latency", "good", |_| 900),
        events("cart", "latency", "bad", |n| 90 + n % 20),
        events("place-order", "availability", "good", |_| 200),
        events("place-order", "availability", "bad", |_| 0),
        result("cart", |_| 1_000),
        result("place-order", |_| 0),
        bucket("cart", "0.5", |_| 900),
        bucket("cart", "0.8", |_| 998),
        bucket("cart", "+Inf", |_| 1_000),
        Counter {
            labels: vec![("http.route", "/admin"), ("slo.outcome", "good")],
            name: "slo.unannotated_total",
            grows: |_| 200,
        },
        Counter {
            labels: vec![("http.route", "/admin"), ("slo.outcome", "bad")],
            name: "slo.unannotated_total",
            grows: |_| 100,
        },
    ]
}

pub(super) fn run() -> Outcome {
    let [_, promtool] = prometheus::programs()?;
    for is_dotted in [false, true] {
        let folder = root().join("target/interop/history");
        let _ = fs::remove_dir_all(&folder);
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        fs::create_dir_all(&folder).map_err(failed)?;
        fs::write(folder.join("prometheus.yml"), "global: {}\n").map_err(failed)?;
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        // The last day ends with the last sample.
        let now = since.map_or(0, |since| since.as_secs()) / STEP * STEP;
        let text = folder.join("history.txt");
        write_history(&text, now, is_dotted).map_err(failed)?;
        command::quietly(
            Command::new(&promtool)
                .args(["tsdb", "create-blocks-from", "--quiet"])
                .args(["--max-block-duration", "744h", "openmetrics"])
                .args([&text, &folder.join("data")]),
        )?;
        let retention = format!("--storage.tsdb.retention.time={}d", DAYS + 10);
        let server = Server::run(&folder, &[&retention])?;
        compare(&server, &folder)?;
        eprintln!(
            "  history: counts and findings of {DAYS} days, names {} dots",
            if is_dotted { "with" } else { "without" }
        );
    }
    live()
}

/// The shop's own series: each SLI of each endpoint with its threshold, its results and its durations.
fn live() -> Outcome {
    let server = Server::start(&[] as &[&Path])?;
    let folder = root().join("target/interop/live");
    command::run(
        Programs::built()?
            .command("shop-demo")
            .args(["--seconds", "10", "--forward"])
            .arg(server.otlp())
            // Its table and its progress are for people.
            .stdout(Stdio::null()),
    )?;
    let kept = folder.join("history.json");
    let slo = |arguments: &[&str]| {
        let mut command = programs::slo()?;
        command.args(arguments).args(made::shop());
        Ok::<_, String>(command)
    };
    command::quietly(slo(&["export"])?.arg("-o").arg(&folder))?;
    let kept_at = kept.display().to_string();
    let checked = slo(&[
        "check",
        "--prometheus",
        &server.url(),
        "--write-history",
        &kept_at,
    ])?
    .output()
    .map_err(|error| error.to_string())?;
    if !matches!(checked.status.code(), Some(0 | 1)) {
        return Err(String::from_utf8_lossy(&checked.stderr).into_owned());
    }
    let read = |path: &Path| -> Result<Value, String> {
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        serde_json::from_str(&text).map_err(|error| error.to_string())
    };
    let history = read(&kept)?;
    let mut found = 0;
    for name in [
        "shop-gateway",
        "shop-orders",
        "shop-payments",
        "shop-settlement",
    ] {
        let export = read(&folder.join(format!("{name}.slo.json")))?;
        for record in export["records"].as_array().into_iter().flatten() {
            found += promised(record, &history["services"][name])
                .map_err(|what| format!("{name}: nothing of {what}"))?;
        }
    }
    eprintln!("  history: {found} series of the shop, as its annotations promise them");
    Ok(())
}

/// What a record promises is in a history; how many series that are.
fn promised(record: &Value, counted: &Value) -> Result<u32, String> {
    let endpoint = &record["name"];
    let has = |key: &str, is_it: &dyn Fn(&Value) -> bool| {
        let all = counted[key].as_array().into_iter().flatten();
        let is_found = all
            .into_iter()
            .any(|one| one["endpoint"] == *endpoint && is_it(one));
        match is_found {
            true => Ok(1),
            false => Err(format!("{key} of {endpoint}")),
        }
    };
    let mut found = has("results", &|_| true)?;
    // An endpoint's own threshold stands for that of its journey.
    let own = record["objectives"]["latency"].as_array();
    let latencies = own.or(record["journey"]["objectives"]["latency"].as_array());
    for latency in latencies.into_iter().flatten() {
        found += has("events", &|events| {
            events["sli"] == latency["name"] && events["threshold_ns"] == latency["threshold_ns"]
        })?;
        found += has("durations", &|lasted| {
            let buckets = lasted["buckets"].as_array().into_iter().flatten();
            buckets
                .into_iter()
                .any(|bucket| bucket[0] == latency["threshold_ns"])
        })?;
    }
    Ok(found)
}

/// Every pod restarts once in a while, and one is replaced: its counters end, and those of another
/// begin at 0.
fn write_history(path: &Path, now: u64, is_dotted: bool) -> std::io::Result<()> {
    let mut out = BufWriter::new(fs::File::create(path)?);
    let start = now - DAYS * DAY;
    let spelt = |name: &str| match is_dotted {
        true => format!("\"{name}\""),
        false => name.replace('.', "_"),
    };
    for counter in counters() {
        let mut labels = String::new();
        for (name, value) in [("job", "shop/orders")].iter().chain(&counter.labels) {
            let _ = write!(labels, "{}=\"{value}\",", spelt(name));
        }
        let inside = match is_dotted {
            true => format!("{},{labels}", spelt(counter.name)),
            false => labels,
        };
        let outside = match is_dotted {
            true => String::new(),
            false => spelt(counter.name),
        };
        let samples = DAYS * DAY / STEP;
        for (pod, from, to) in [
            ("a", 0, samples),
            ("b", 0, samples / 2),
            ("c", samples / 2, samples),
        ] {
            let mut value = 0;
            for n in from..=to {
                // A restart every ten days.
                if n % (10 * DAY / STEP) == 7 {
                    value = 0;
                }
                if n > from {
                    value += (counter.grows)(n);
                }
                let at = start + n * STEP;
                writeln!(out, "{outside}{{{inside}pod=\"{pod}\"}} {value} {at}")?;
            }
        }
    }
    writeln!(out, "# EOF")?;
    out.flush()
}

/// What two pods counted in a day that ends with this sample, and in all days.
fn truth(counter: &Counter, day: u64) -> u64 {
    let a_day = DAY / STEP;
    let samples = day * a_day + 1..=(day + 1) * a_day;
    2 * samples.map(counter.grows).sum::<u64>()
}

fn compare(server: &Server, folder: &Path) -> Outcome {
    let fleet = root().join(FLEET);
    let kept = folder.join("history.json");
    let checked = |more: &[&str]| -> Result<String, String> {
        let output = programs::slo()?
            .args(["check", "--format", "json"])
            .args(more)
            .arg("--export")
            .arg(fleet.join("orders.slo.json"))
            .current_dir(folder)
            .output()
            .map_err(|error| error.to_string())?;
        match output.status.code() {
            Some(0 | 1) => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            _ => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        }
    };
    let kept_at = kept.display().to_string();
    let found = checked(&["--prometheus", &server.url(), "--write-history", &kept_at])?;
    let again = checked(&["--history", &kept_at])?;
    if found != again {
        return Err(format!("the file says otherwise:\n{found}\n{again}"));
    }
    for words in [
        // 1 in 97,000 is bad, and 1 in 1,000 may be.
        "`checkout.availability` has spent less than a tenth of its budget",
        "`checkout.latency` promises 99%, and missed it",
        "nothing called `checkout/place-order` in 90 days",
        "requests are to `/admin`",
    ] {
        if !found.contains(words) {
            return Err(format!("`{words}` is not found:\n{found}"));
        }
    }
    let text = fs::read_to_string(&kept).map_err(|error| error.to_string())?;
    let history: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let orders = &history["services"]["orders"];
    for counter in counters() {
        counted(&counter, orders)?;
    }
    Ok(())
}

/// One counter, day by day or as a sum, as the history holds it.
fn counted(counter: &Counter, orders: &Value) -> Outcome {
    let label = |name: &str| {
        let label = counter.labels.iter().find(|(label, _)| *label == name);
        label.map_or("", |(_, value)| value)
    };
    let all = |key: &str| orders[key].as_array().cloned().unwrap_or_default();
    let sum: u64 = (0..DAYS).map(|day| truth(counter, day)).sum();
    let told = match counter.name {
        "slo.events_total" => {
            let events = all("events").into_iter().find(|events| {
                events["endpoint"] == label("slo.endpoint") && events["sli"] == label("slo.sli")
            });
            let days = events.map(|events| events[label("slo.outcome")].clone());
            let days: Vec<u64> = days
                .and_then(|days| serde_json::from_value(days).ok())
                .ok_or(format!("no {:?}", counter.labels))?;
            for (day, told) in (0..DAYS).zip(&days) {
                close(
                    truth(counter, day),
                    *told,
                    &format!("{:?} of day {day}", counter.labels),
                )?;
            }
            days.iter().sum()
        }
        "slo.results_total" => {
            let of = |one: &Value| one["endpoint"] == label("slo.endpoint");
            let ended = all("results").into_iter().find(of);
            ended.map_or(0, |ended| ended["count"].as_u64().unwrap_or(0))
        }
        "slo.unannotated_total" => all("unannotated")[0]["outcomes"][label("slo.outcome")]
            .as_u64()
            .unwrap_or(0),
        _ => {
            let lasted = &all("durations")[0];
            let boundary: f64 = label("le").parse().map_err(|error| format!("{error}"))?;
            let buckets = lasted["buckets"].as_array().cloned().unwrap_or_default();
            let bucket = buckets
                .iter()
                .find(|bucket| bucket[0].as_f64() == Some(boundary * 1e9));
            match bucket {
                Some(bucket) => bucket[1].as_u64().unwrap_or(0),
                None => lasted["count"].as_u64().unwrap_or(0),
            }
        }
    };
    close(sum, told, &format!("{} {:?}", counter.name, counter.labels))
}

fn close(truth: u64, told: u64, what: &str) -> Outcome {
    let off = truth.abs_diff(told) as f64;
    // Of few events, one may fall between two days.
    match off <= (truth as f64 * TOLERANCE).max(2.0) {
        true => Ok(()),
        false => Err(format!("{what}: {told}, where {truth} were counted")),
    }
}
