//! What is stored, held against what was sent.

use super::{
    asked::Stored,
    counts,
    findings::{Finding, Kind},
    labels::{INSTANCE, Known, SERVICE, attributes},
    names,
    probe::{INSTRUMENTS, Instrument, Probe},
    spelling::{self, part},
    way_out::{keep_attribute, right_label, without_attribute},
};
use crate::outputs::{Names, ServiceLabel};
use std::collections::{BTreeMap, BTreeSet};

/// How rules are to find series.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) names: Names,
    pub(super) label: ServiceLabel,
}

/// A stored series, as far as it is understood.
#[derive(Debug)]
pub(super) struct Read<'a> {
    pub(super) instrument: &'static Instrument,
    pub(super) stored: &'a Stored,
    /// The attributes that it shows: the label and the value that was sent.
    pub(super) shown: BTreeMap<&'static str, (&'a str, &'a str)>,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) findings: Vec<Finding>,
    /// How many of the series that were sent are there as they were sent.
    pub(super) right: usize,
    /// How the store calls events, and by which label it tells services apart, if it does.
    pub(super) spelling: Option<(String, Option<&'static str>)>,
}

impl Judged {
    /// Returns `true` while waiting may help.
    pub(super) fn may_pass(&self) -> bool {
        self.findings.iter().any(|finding| finding.kind.may_pass())
    }
}

/// Judges all that a store has of a check.
pub(super) fn judged(
    probe: &Probe,
    known: &Known,
    stored: &[Stored],
    wanted: Wanted,
    has_native_histograms: bool,
) -> Judged {
    let reads: Vec<_> = stored
        .iter()
        .filter_map(|stored| read(known, stored))
        .collect();
    if reads.is_empty() {
        return Judged {
            findings: vec![nothing(probe)],
            ..Judged::default()
        };
    }
    let mut findings = names::judged(&reads, wanted);
    let (about, kept) = of_attributes(&reads, wanted);
    findings.extend(about);
    let counted = counts::judged(probe, &reads, &kept, has_native_histograms);
    findings.extend(counted.findings);
    findings.sort_by(|a, b| (a.kind, &a.what).cmp(&(b.kind, &b.what)));
    Judged {
        findings,
        right: counted.right,
        spelling: names::spelling(&reads, wanted),
    }
}

fn read<'a>(known: &'a Known, stored: &'a Stored) -> Option<Read<'a>> {
    let has = |stored: &Stored, attribute: &str| known.shown(stored, attribute).is_some();
    let instrument = spelling::instrument(stored, has)?;
    // Of a histogram, how many there were says as much as all of its parts.
    if instrument.kind == super::probe::Kind::Histogram && part(&stored.name) != Some("_count") {
        return None;
    }
    let of_process = [SERVICE, INSTANCE].into_iter();
    let all = of_process.chain(instrument.attributes.iter().copied());
    let shown = all.filter_map(|attribute| Some((attribute, known.shown(stored, attribute)?)));
    Some(Read {
        instrument,
        stored,
        shown: shown.collect(),
    })
}

/// The attributes by which series of an instrument can be told apart.
pub(super) type Kept = BTreeMap<&'static str, BTreeSet<&'static str>>;

fn of_attributes(reads: &[Read<'_>], wanted: Wanted) -> (Vec<Finding>, Kept) {
    let mut kept = Kept::new();
    let mut all = BTreeSet::from([SERVICE, INSTANCE]);
    all.extend(INSTRUMENTS.iter().flat_map(|known| known.attributes));
    let mut findings = Vec::new();
    for attribute in all {
        let is_of = |known: &Instrument| {
            [SERVICE, INSTANCE].contains(&attribute) || known.attributes.contains(&attribute)
        };
        let of: Vec<_> = reads.iter().filter(|read| is_of(read.instrument)).collect();
        let with: BTreeSet<_> = of
            .iter()
            .filter(|read| read.shown.contains_key(attribute))
            .map(|read| read.instrument.name)
            .collect();
        let without: BTreeSet<_> = of
            .iter()
            .map(|read| read.instrument.name)
            .filter(|name| !with.contains(name))
            .collect();
        for instrument in &with {
            kept.entry(instrument).or_default().insert(attribute);
        }
        if !without.is_empty() {
            findings.push(stripped(attribute, &with, &without));
        }
        findings.extend(moved(attribute, &of, wanted));
    }
    (findings, kept)
}

fn stripped(
    attribute: &str,
    with: &BTreeSet<&'static str>,
    without: &BTreeSet<&'static str>,
) -> Finding {
    let names: Vec<_> = without.iter().copied().collect();
    Finding {
        kind: Kind::Stripped,
        what: attribute.to_owned(),
        seen: match with.is_empty() {
            true => "no series has it".to_owned(),
            false => format!("not on {}", names.join(", ")),
        },
        expected: format!("a label of {}", names.join(", ")),
        breaks: without_attribute(attribute).to_owned(),
        way_out: keep_attribute(attribute),
    }
}

/// An attribute that stands in a label where no rule looks.
fn moved(attribute: &'static str, of: &[&Read<'_>], wanted: Wanted) -> Option<Finding> {
    let labels: BTreeSet<_> = of
        .iter()
        .filter_map(|read| Some(read.shown.get(attribute)?.0))
        .collect();
    let usual = super::labels::usual(attribute);
    // Rules that know a service by its `job` know a process by its `instance`.
    let by_job = attribute == INSTANCE
        && wanted.label == ServiceLabel::Job
        && !labels.contains("instance")
        && of.iter().any(|read| names::has_job(read));
    let is_lost = |label: &&str| by_job || !usual.iter().any(|usual| usual == label);
    let found = labels.iter().find(|label| is_lost(label))?;
    Some(Finding {
        kind: Kind::Renamed,
        what: attribute.to_owned(),
        seen: format!("`{found}`"),
        expected: format!("`{}`", usual.first().map_or(attribute, String::as_str)),
        breaks: without_attribute(attribute).to_owned(),
        way_out: right_label(attribute, found),
    })
}

fn nothing(probe: &Probe) -> Finding {
    Finding {
        kind: Kind::NothingArrived,
        what: "every series".to_owned(),
        seen: "nothing".to_owned(),
        expected: format!("{} series", probe.series.len()),
        breaks: "no SLO has a budget, and SloDataMissing fires".to_owned(),
        way_out: "ask the store that this Collector sends to, and as the tenant that it sends as (`--header \
                  'X-Scope-OrgID: …'`); read the Collector's log for exports that fail; `--wait 10m` where \
                  queues are long"
            .to_owned(),
    }
}

/// The values by which a series is told apart from others of its instrument, as far as it still can be.
pub(super) fn key<'a>(
    kept: &Kept,
    instrument: &'static Instrument,
    value: impl Fn(&'static str) -> Option<&'a str>,
) -> Vec<Option<&'a str>> {
    let kept = kept.get(instrument.name);
    kept.into_iter().flatten().map(|name| value(name)).collect()
}

/// The same of a series that was sent.
pub(super) fn sent_key(
    kept: &Kept,
    probe: &Probe,
    sent: &super::probe::Sent,
) -> Vec<Option<String>> {
    let kept = kept.get(sent.instrument.name);
    let all = attributes(sent).filter(|name| kept.is_some_and(|kept| kept.contains(name)));
    let mut all: Vec<_> = all.collect();
    all.sort_unstable();
    all.iter().map(|name| probe.value(sent, name)).collect()
}
