//! The check: exports first, then questions until everything is there, or until nobody waits any more.

use super::{
    asked::Asking,
    findings::{Finding, Kind},
    judged::{Judged, Wanted, judged},
    labels::Known,
    probe::{EXPORTS, Probe, REPLICAS},
    report::{Report, Seen},
    send::{Exporter, Taken},
};
use crate::{
    diagnostics::Diagnostic,
    input::{http::AskError, prometheus::Prometheus},
    outputs::{Names, ServiceLabel},
};
use std::{
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Between two exports of a process.
const BETWEEN_EXPORTS: Duration = Duration::from_secs(1);

/// Between two looks into the store, the first and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What comes by a second way comes as long after the first, and so much later.
const SECOND_WAY: Duration = Duration::from_secs(1);

/// Told what a person should know while it takes long.
pub(crate) type Progress<'a> = &'a mut dyn FnMut(&str);

/// A check of the way from services to a store.
#[derive(Debug)]
pub(crate) struct Check<'a> {
    pub(crate) exporter: &'a Exporter,
    pub(crate) prometheus: &'a Prometheus,
    /// Matchers that all series have to meet; nothing for none.
    pub(crate) matchers: &'a str,
    /// How rules are to find series.
    pub(crate) names: Names,
    pub(crate) label: ServiceLabel,
    /// How long counts may take into the store at most.
    pub(crate) wait: Duration,
    /// Counts that take longer are late.
    pub(crate) late_after: Duration,
}

impl Check<'_> {
    /// Sends counts, and says what became of them.
    ///
    /// # Errors
    /// If either end gives no answer.
    pub(crate) fn run(&self, tell: Progress<'_>) -> Result<Report, Box<Diagnostic>> {
        let started = SystemTime::now();
        let probe = Probe::new(new_id()?, started);
        let known = Known::new(&probe);
        let mut asking = Asking {
            prometheus: self.prometheus,
            id: &probe.id,
            matchers: self.matchers,
            since: milliseconds(started),
            knows_no_dots: false,
            has_native_histograms: false,
        };
        // Who can't be asked need not be sent anything.
        asking
            .stored(milliseconds(started))
            .map_err(|error| untold(&error))?;
        let answers = self.send(&probe)?;
        tell(&format!(
            "{} exports of `{}` were sent to {}",
            answers.len(),
            probe.service(),
            self.exporter.url()
        ));
        let sent = Instant::now();
        let (found, after) = match answers.iter().all(is_refused) {
            true => (Judged::default(), None),
            false => self.wait_for(&probe, &known, &mut asking, sent, tell)?,
        };
        let mut findings = of_answers(&answers);
        findings.extend(found.findings);
        findings.extend(after.and_then(|after| self.late(after)));
        findings.sort_by_key(|finding| finding.kind);
        let seen = Seen {
            spelling: found.spelling,
            after,
            lacking: self.prometheus.partial(),
        };
        Ok(Report::new(
            self,
            &probe,
            milliseconds(started),
            seen,
            findings,
        ))
    }

    fn send(&self, probe: &Probe) -> Result<Vec<Taken>, Box<Diagnostic>> {
        let mut answers = Vec::new();
        for export in 0..EXPORTS {
            if export > 0 {
                thread::sleep(BETWEEN_EXPORTS);
            }
            for replica in 0..REPLICAS {
                let request = probe.export(replica, export, SystemTime::now());
                match self.exporter.send(&request) {
                    Ok(taken) => answers.push(taken),
                    Err(error) if answers.is_empty() => return Err(unsent(&error)),
                    Err(error) => answers.push(Taken::Refused {
                        what: error.what,
                        help: error.help,
                    }),
                }
            }
        }
        Ok(answers)
    }

    /// Asks until all is there, or no more can be hoped for. Returns what was there then, and how long
    /// after the last export it came.
    fn wait_for(
        &self,
        probe: &Probe,
        known: &Known,
        asking: &mut Asking<'_>,
        sent: Instant,
        tell: Progress<'_>,
    ) -> Result<(Judged, Option<Duration>), Box<Diagnostic>> {
        let wanted = Wanted {
            names: self.names,
            label: self.label,
        };
        let (mut pause, mut after, mut right, mut until) = (FIRST_PAUSE, None, 0, None);
        loop {
            let stored = asking
                .stored(milliseconds(SystemTime::now()))
                .map_err(|error| untold(&error))?;
            let found = judged(probe, known, &stored, wanted, asking.has_native_histograms);
            let now = sent.elapsed();
            if found.right != right {
                right = found.right;
                after = Some(now);
                tell(&format!(
                    "{right} series are as they were sent, after {:.1} s",
                    now.as_secs_f64()
                ));
            }
            if found.may_pass() {
                until = None;
            }
            let until = *until.get_or_insert(match found.may_pass() {
                true => self.wait,
                false => (2 * now + SECOND_WAY).min(self.wait),
            });
            if now >= until.max(FIRST_PAUSE) {
                return Ok((found, after.filter(|_| right > 0)));
            }
            thread::sleep(pause.min(until.saturating_sub(now)).max(FIRST_PAUSE / 2));
            pause = (pause * 3 / 2).min(LONGEST_PAUSE);
        }
    }

    fn late(&self, after: Duration) -> Option<Finding> {
        (after > self.late_after).then(|| Finding {
            kind: Kind::Late,
            what: "the last export".to_owned(),
            seen: format!("there after {:.1} s", after.as_secs_f64()),
            expected: format!("within {:.1} s", self.late_after.as_secs_f64()),
            breaks: "alerts come later by as much; after 15 minutes SloDataMissing fires, after an hour counts \
                     are lost"
                .to_owned(),
            way_out: "Collector: a shorter `timeout` of the processor `batch`, queues that don't fill up; \
                      Prometheus: a shorter `scrape_interval`, `out_of_order_time_window: 1h` for what comes \
                      late all the same"
                .to_owned(),
        })
    }
}

/// What the answers to exports were; each of a kind once.
fn of_answers(answers: &[Taken]) -> Vec<Finding> {
    let refused: Vec<_> = answers
        .iter()
        .filter_map(|taken| match taken {
            Taken::Refused { what, help } => Some((what, help)),
            _ => None,
        })
        .collect();
    let partly: Vec<_> = answers
        .iter()
        .filter_map(|taken| match taken {
            Taken::Partly { rejected, why } => Some((*rejected, why)),
            _ => None,
        })
        .collect();
    let lost = "what services count is not stored, and delta counts are gone for good";
    let mut findings = Vec::new();
    if let Some((what, help)) = refused.first() {
        findings.push(Finding {
            kind: Kind::Refused,
            what: format!("{} of {} exports", refused.len(), answers.len()),
            seen: (*what).clone(),
            expected: "200 OK".to_owned(),
            breaks: lost.to_owned(),
            way_out: match help.is_empty() {
                true => "the Collector's log says why".to_owned(),
                false => (*help).clone(),
            },
        });
    }
    if let Some((rejected, why)) = partly.first() {
        findings.push(Finding {
            kind: Kind::PartlyTaken,
            what: format!("{} of {} exports", partly.len(), answers.len()),
            seen: format!("{rejected} points rejected: {why}"),
            expected: "every point taken".to_owned(),
            breaks: lost.to_owned(),
            way_out: "what rejects them says why; Prometheus: `out_of_order_time_window: 1h`, a limit on \
                      series that is high enough"
                .to_owned(),
        });
    }
    findings
}

fn is_refused(taken: &Taken) -> bool {
    matches!(taken, Taken::Refused { .. })
}

fn untold(error: &AskError) -> Box<Diagnostic> {
    Box::new(
        error
            .diagnostic()
            .with_note("so what became of the counts can't be told"),
    )
}

fn unsent(error: &AskError) -> Box<Diagnostic> {
    Box::new(
        error
            .diagnostic()
            .with_note("nothing was sent, so nothing can be told"),
    )
}

/// What only this check has in its names.
fn new_id() -> Result<String, Box<Diagnostic>> {
    let mut bytes = [0; 6];
    getrandom::fill(&mut bytes).map_err(|error| {
        Box::new(Diagnostic::error(format!(
            "the system has no random numbers: {error}"
        )))
    })?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Since 1970.
fn milliseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
