//! `cargo slo status --pipeline` against real Collectors and stores: what was planted is what it finds,
//! and nothing that it sends fires an alert or gets a budget.

use super::{link::Link, rules, setting::Programs};
use crate::{
    interop::parts::{
        collector::{Collector, Exporter},
        pace::Pace,
        store::Store,
    },
    loopback::free_address,
};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    process::Command,
    thread::{self, sleep},
    time::{Duration, Instant},
};

/// As fast as rules are evaluated at all: half an hour in half a minute.
const FAST: Pace = Pace::minute_in_seconds(1);

/// How often stores here scrape, and how long the Collector waits.
const SCRAPED: Pace = Pace::minute_in_seconds(5);

/// A service that vanished is told after 25 minutes.
const VANISHED: f64 = 35.0;

/// What is late in a check, and how late it comes.
const LATE: (&str, Duration) = ("2500ms", Duration::from_secs(4));

/// A check over a way.
struct Row<'a> {
    name: &'static str,
    otlp: String,
    store: &'a Store,
    more: &'static [&'static str],
    /// The findings: kind, and of what, unless that is a number of series.
    expected: &'static [(&'static str, &'static str)],
}

/// All stores, each with its own way to spoil counts.
pub(super) struct Checks {
    collector: Collector,
    /// Takes exports as they come, and evaluates the rules of both modes.
    quiet: Store,
    written: Store,
    honest: Store,
    takes_labels: Store,
    spoils: Store,
    renames: Store,
    scrapes_twice: Store,
    keeps_dots: Store,
    collapses: Store,
    late: Link,
}

impl Checks {
    pub(super) fn prepare(programs: &Programs) -> Result<Checks, String> {
        let folder = programs.folder.join("checks");
        let exposed = free_address()?;
        let store = |name: &str, configuration: &str| {
            let often = SCRAPED.shown(Duration::from_secs(15));
            let configuration = format!(
                "global: {{scrape_interval: {often}, scrape_timeout: {often}}}\n{configuration}"
            );
            Store::new(
                &programs.prometheus,
                &folder.join(name),
                &configuration,
                SCRAPED,
            )
        };
        let scraping = |name: &str, more: &str| {
            store(
                name,
                &format!(
                    "scrape_configs:\n- job_name: collector\n  \
                       static_configs: [{{targets: [\"{exposed}\"]}}]\n{more}"
                ),
            )
        };
        let honest = "  honor_labels: true\n";
        let relabelled = |rules: &str| format!("{honest}  metric_relabel_configs:\n{rules}");
        let twice = |replica: &str| {
            format!(
                "- job_name: {replica}\n{honest}  \
                   static_configs: [{{targets: [\"{exposed}\"], labels: {{replica: {replica}}}}}]\n"
            )
        };
        let quiet = rules::store(
            &programs.prometheus,
            &folder.join("quiet"),
            &programs.folder.join("rules"),
            FAST,
            None,
        )?;
        let written = store("written", "")?;
        let exporters = [
            Exporter::RemoteWrite(written.address()),
            Exporter::Scraped(exposed),
        ];
        Ok(Checks {
            collector: Collector::prepare(
                &programs.collector,
                &folder.join("collector"),
                SCRAPED,
                &exporters,
            )?,
            late: Link::reserve(quiet.address(), LATE.1)?,
            quiet,
            written,
            honest: scraping("honest", honest)?,
            takes_labels: scraping("takes-labels", "")?,
            spoils: scraping(
                "spoils",
                &relabelled(
                    "  - {action: labeldrop, regex: slo_consumer}\n  \
                       - {action: drop, source_labels: [__name__], regex: slo_in_flight}\n",
                ),
            )?,
            renames: scraping(
                "renames",
                &relabelled(
                    "  - {source_labels: [__name__], regex: (slo_.+), target_label: __name__, \
                       replacement: otel_$1}\n  \
                       - {action: labelmap, regex: slo_(journey), replacement: $1}\n  \
                       - {action: labeldrop, regex: slo_journey}\n",
                ),
            )?,
            scrapes_twice: store(
                "scrapes-twice",
                &format!("scrape_configs:\n{}{}", twice("a"), twice("b")),
            )?,
            keeps_dots: store(
                "keeps-dots",
                "otlp: {translation_strategy: NoTranslation}\n",
            )?,
            collapses: scraping(
                "collapses",
                &relabelled("  - {action: labeldrop, regex: instance}\n"),
            )?,
        })
    }

    fn rows(&self) -> Vec<Row<'_>> {
        let straight = |store: &Store| format!("http://{}/api/v1/otlp", store.address());
        let collected = || format!("http://{}", self.collector.address());
        let through = |name, store, expected| Row {
            name,
            otlp: collected(),
            store,
            more: &[],
            expected,
        };
        let direct = |name, store, more, expected| Row {
            name,
            otlp: straight(store),
            store,
            more,
            expected,
        };
        vec![
            direct("OTLP straight", &self.quiet, &[], &[]),
            through("Collector, remote write", &self.written, &[]),
            through("Collector, scraped", &self.honest, &[]),
            through(
                "no honor_labels",
                &self.takes_labels,
                &[
                    ("renamed", "service.instance.id"),
                    ("renamed", "service.name"),
                ],
            ),
            through(
                "label and metric dropped",
                &self.spoils,
                &[("dropped", "slo.in_flight"), ("stripped", "slo.consumer")],
            ),
            through(
                "prefix and label renamed",
                &self.renames,
                &[("renamed", "every metric"), ("renamed", "slo.journey")],
            ),
            through("scraped twice", &self.scrapes_twice, &[("doubled", "")]),
            through(
                "replicas collapse",
                &self.collapses,
                &[("stripped", "service.instance.id")],
            ),
            direct(
                "names with dots",
                &self.keeps_dots,
                &[],
                &[("renamed", "names and labels")],
            ),
            direct(
                "names with dots, as asked for",
                &self.keeps_dots,
                &["--names", "utf8"],
                &[],
            ),
            Row {
                name: "4 s late",
                otlp: format!("http://{}/api/v1/otlp", self.late.address()),
                store: &self.quiet,
                more: &["--late-after", LATE.0],
                expected: &[("late", "the last export")],
            },
            Row {
                name: "not an OTLP address",
                otlp: format!("http://{}", self.quiet.address()),
                store: &self.quiet,
                more: &[],
                expected: &[("refused", "")],
            },
            Row {
                name: "another store",
                otlp: straight(&self.keeps_dots),
                store: &self.written,
                more: &[],
                expected: &[("nothing-arrived", "every series")],
            },
        ]
    }

    /// Starts all of it, and plays the rows side by side. Returns those that are wrong.
    pub(super) fn play(&self, programs: &Programs) -> Result<Vec<String>, String> {
        let scraping = [
            &self.honest,
            &self.takes_labels,
            &self.spoils,
            &self.renames,
            &self.scrapes_twice,
            &self.collapses,
        ];
        let all = [&self.quiet, &self.written, &self.keeps_dots];
        all.into_iter().chain(scraping).try_for_each(Store::start)?;
        self.collector.start()?;
        self.late.open()?;
        let started = Instant::now();
        let rows = self.rows();
        let mut failures: Vec<String> = thread::scope(|scope| {
            let threads: Vec<_> = rows
                .iter()
                .map(|row| scope.spawn(move || row.play(programs)))
                .collect();
            let ended = threads.into_iter().map(thread::ScopedJoinHandle::join);
            let ended = ended.map(|ended| ended.unwrap_or(Err("a check panicked".to_owned())));
            ended.filter_map(Result::err).collect()
        });
        sleep(FAST.minutes(VANISHED));
        failures.extend(self.nothing_came_of_it().err());
        eprintln!(
            "  {} checks of the way of counts, {:.0} s",
            rows.len(),
            started.elapsed().as_secs_f64()
        );
        Ok(failures)
    }

    /// No alert was pending or fired, and nothing of the checks has an objective or a budget.
    fn nothing_came_of_it(&self) -> Result<(), String> {
        let checks = r#"job=~"slo-pipeline-check-.+""#;
        let series = |expr: &str| -> Result<u64, String> {
            let asked = format!("count(count_over_time({expr}[10m]))");
            let body = crate::interop::prometheus::get(
                self.quiet.address(),
                &crate::interop::prometheus::query_path(&asked),
            )?;
            let answer: Value = serde_json::from_str(&body).map_err(|error| error.to_string())?;
            let count = answer["data"]["result"][0]["value"][1].as_str();
            Ok(count.and_then(|count| count.parse().ok()).unwrap_or(0))
        };
        // They were counted, or nothing would be said of them.
        let counted = series(&format!("{{__name__=\"universal:events:seen\",{checks}}}"))?;
        let alerts = series(&format!("{{__name__=\"ALERTS\",{checks}}}"))?;
        let budgets = series(&format!(
            "{{__name__=~\".+:(objective|error|burn).*\",{checks}}}"
        ))?;
        match (counted, alerts, budgets) {
            (1.., 0, 0) => Ok(()),
            _ => Err(format!(
                "checks left {alerts} alerts, {budgets} budgets and {counted} counted series"
            )),
        }
    }
}

impl Row<'_> {
    fn play(&self, programs: &Programs) -> Result<(), String> {
        let mut command = Command::new(&programs.command);
        let store = format!("http://{}", self.store.address());
        command
            .args([
                "slo",
                "status",
                "--pipeline",
                "--format",
                "json",
                "--wait",
                "20s",
            ])
            .args(["--otlp", &self.otlp, "--prometheus", &store]);
        if !self.more.contains(&"--late-after") {
            command.args(["--late-after", "20s"]);
        }
        let output = command
            .args(self.more)
            .output()
            .map_err(|error| format!("{}: {error}", self.name))?;
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let found: BTreeSet<_> = report["findings"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|finding| {
                let kind = finding["kind"].as_str().unwrap_or_default();
                let what = match kind {
                    "doubled" | "refused" => "",
                    _ => finding["what"].as_str().unwrap_or_default(),
                };
                (kind, what)
            })
            .collect();
        let expected: BTreeSet<_> = self.expected.iter().copied().collect();
        let code = i32::from(!expected.is_empty());
        let summary = report["summary"].as_str().unwrap_or("no report");
        if found == expected && output.status.code() == Some(code) && !summary.is_empty() {
            eprintln!("  check ok    {:<30} {summary}", self.name);
            return Ok(());
        }
        let why = format!(
            "{}: {}; found {found:?}, expected {expected:?}: {report:#} {}",
            self.name,
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        eprintln!("  check WRONG {why}");
        Err(why)
    }
}
