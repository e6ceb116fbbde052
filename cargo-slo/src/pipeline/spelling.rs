//! Which instrument a stored series is of, by its name, and how the store spells names.

use super::{
    asked::Stored,
    probe::{INSTRUMENTS, Instrument, Kind},
};
use crate::outputs::Names;

/// What is appended to the parts of a histogram.
const PARTS: [&str; 3] = ["_count", "_sum", "_bucket"];

/// A name as it is compared, dots or none.
pub(super) fn plain(name: &str) -> String {
    name.replace('.', "_")
}

/// What a way of spelling makes of the name of an instrument; of a histogram, of its count.
pub(super) fn spelt(instrument: &Instrument, names: Names) -> String {
    let suffix = match (instrument.kind, instrument.unit) {
        _ if !names.has_suffixes() => "",
        (Kind::Counter, _) => "_total",
        (_, "s") => "_seconds",
        _ => "",
    };
    let part = match instrument.kind {
        Kind::Histogram => PARTS[0],
        _ => "",
    };
    let name = match names.is_utf8() {
        true => instrument.name.to_owned(),
        false => plain(instrument.name),
    };
    format!("{name}{suffix}{part}")
}

/// The instrument that a stored series is of; `None` for what stores and Collectors add.
///
/// Names that hold that of an instrument are its own, the longest first. A name that holds none is taken
/// for what its attributes say, which `has` looks for.
pub(super) fn instrument(
    stored: &Stored,
    has: impl Fn(&Stored, &str) -> bool,
) -> Option<&'static Instrument> {
    let name = plain(&stored.name);
    if is_added(&name) {
        return None;
    }
    let named = INSTRUMENTS
        .iter()
        .filter(|known| name.contains(&plain(known.name)))
        .max_by_key(|known| known.name.len());
    if named.is_some() {
        return named;
    }
    let telling = |known: &&Instrument| {
        let own = known
            .attributes
            .iter()
            .filter(|own| **own != "slo.threshold");
        known.kind == Kind::Counter && own.clone().all(|own| has(stored, own))
    };
    let known = INSTRUMENTS.iter().filter(telling);
    known.max_by_key(|known| known.attributes.len())
}

/// What a store says of targets and scopes, and what rules make of counts.
fn is_added(name: &str) -> bool {
    let added = [
        "target_info",
        "otel_scope_info",
        "up",
        "ALERTS",
        "ALERTS_FOR_STATE",
    ];
    added.contains(&name) || name.starts_with("scrape_") || name.contains(':')
}

/// Which part of a histogram a name is of.
pub(super) fn part(name: &str) -> Option<&'static str> {
    PARTS.into_iter().find(|part| name.ends_with(part))
}

/// Returns `true` where a name is spelt so.
pub(super) fn fits(instrument: &Instrument, name: &str, names: Names) -> bool {
    spelt(instrument, names) == name
}

/// What stands before the name of every instrument that is named at all.
pub(super) fn prefix(named: &[(&'static Instrument, &str)]) -> String {
    let mut found: Option<&str> = None;
    for (instrument, name) in named {
        // Dots and underscores are of one length, so a place in one name is a place in the other.
        let Some(at) = plain(name).find(&plain(instrument.name)) else {
            continue;
        };
        let before = &name[..at];
        if found.is_some_and(|found| found != before) {
            return String::new();
        }
        found = Some(before);
    }
    found.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_whatever_they_became() {
        let of = |name: &str| {
            let stored = Stored {
                name: name.to_owned(),
                ..Stored::default()
            };
            instrument(&stored, |_, _| false).map(|known| known.name)
        };
        for (name, known) in [
            ("slo_events_total", Some("slo.events")),
            ("otel_slo.consumer.events", Some("slo.consumer.events")),
            ("slo_duration_seconds_bucket", Some("slo.duration")),
            ("target_info", None),
            ("slo:events:count1m", None),
            ("http_requests_total", None),
        ] {
            assert_eq!(of(name), known, "{name}");
        }
    }

    #[test]
    fn names_are_spelt_as_rules_spell_them() {
        for names in Names::ALL {
            let events = INSTRUMENTS.iter().find(|known| known.name == "slo.events");
            assert_eq!(spelt(events.unwrap(), names), names.of_events());
        }
    }

    #[test]
    fn a_prefix_is_one_of_all() {
        let [interval, events, ..] = &INSTRUMENTS;
        let both = [(interval, "otel_slo_interval"), (events, "otel_slo_events")];
        assert_eq!(prefix(&both), "otel_");
        assert_eq!(prefix(&[both[0], (events, "é")]), "otel_");
        assert_eq!(prefix(&[(interval, "slo_interval"), both[1]]), "");
    }
}
