//! A history as a file.

use super::{History, HistoryError};
use crate::{
    input::{NamedBy, read_text, values::Date},
    text::json::compact,
};
use serde::{Deserialize, Serialize};
use std::{
    fmt::{self, Write as _},
    path::Path,
};

/// The format that is written and understood.
pub const FORMAT: u32 = 1;

/// Longest file that is read, in bytes: a year of twenty thousand SLOs is smaller.
const MAX_FILE_BYTES: u64 = 256 << 20;

/// A later format may look different altogether, but for this.
#[derive(Deserialize)]
struct Head {
    format: u32,
}

/// Reads a history.
///
/// # Errors
/// If the file can't be read, or is none.
pub fn read(path: &Path) -> Result<History, HistoryError> {
    let io = |error| HistoryError::Io {
        path: path.to_owned(),
        error,
    };
    let content = |what: String| HistoryError::Content {
        path: path.to_owned(),
        what,
    };
    let text = read_text(path, MAX_FILE_BYTES, NamedBy::Person).map_err(io)?;
    let history: Result<History, _> = serde_json::from_str(&text);
    let format = match &history {
        Ok(history) => history.format,
        Err(_) => serde_json::from_str(&text).map_or(FORMAT, |Head { format }| format),
    };
    if format != FORMAT {
        return Err(content(format!(
            "its format is {format}, this version knows {FORMAT}"
        )));
    }
    let history = history.map_err(|error| content(error.to_string()))?;
    sound(&history).map_err(content)?;
    Ok(history)
}

/// More events than this in one count, or in all counts of a service together, are a mistake: a
/// million a second for thousands of years. Below it, sums of counts are made without looking.
const MAX_EVENTS: u64 = i64::MAX as u64;

/// What the types alone do not make sure of: sums that fit, and counts for the same steps.
pub(super) fn sound(history: &History) -> Result<(), String> {
    let is_length = (1..=366).contains(&history.step_days);
    is_length
        .then_some(())
        .ok_or("`step_days` is 1 to 366".to_owned())?;
    history
        .until
        .parse::<Date>()
        .map_err(|error| error.to_string())?;
    for (service, counted) in &history.services {
        for events in &counted.events {
            if events.good.len() != counted.events[0].good.len() {
                return Err(format!(
                    "{service} has series of several lengths; all of them end on the same day"
                ));
            }
            if events.good.len() != events.bad.len() {
                return Err(format!(
                    "`good` and `bad` of {service}/{}/{} are of two lengths",
                    events.journey, events.endpoint
                ));
            }
        }
        let events = counted.events.iter();
        let all = events
            .flat_map(|events| events.good.iter().chain(&events.bad))
            .chain(counted.results.iter().map(|ended| &ended.count))
            .chain(counted.durations.iter().map(|lasted| &lasted.count))
            .chain(counted.unannotated.iter().map(|uncovered| &uncovered.count))
            .try_fold(0u64, |sum, count| sum.checked_add(*count));
        if let Some(uncovered) = counted.unannotated.iter().find(|one| !one.is_sound()) {
            return Err(format!(
                "`outcomes` of {service} on `{}` are more than its `count`",
                uncovered.route
            ));
        }
        let lasted = counted.durations.iter();
        let mut buckets = lasted.flat_map(|lasted| &lasted.buckets);
        if all.is_none_or(|all| all > MAX_EVENTS) || buckets.any(|(_, count)| *count > MAX_EVENTS) {
            return Err(format!("{service} has more than {MAX_EVENTS} events"));
        }
    }
    Ok(())
}

/// Returns a history as the content of a file: the same bytes for the same counts, a line for each
/// series.
pub fn text(history: &History) -> String {
    let mut out = String::new();
    put(
        &mut out,
        format_args!(
            "{{\n \"format\": {},\n \"generator\": {},\n \"until\": {},\n \"step_days\": {},\n \"services\": {{",
            history.format,
            compact(&history.generator),
            compact(&history.until),
            history.step_days
        ),
    );
    for (n, (name, counted)) in history.services.iter().enumerate() {
        put(
            &mut out,
            format_args!("{}\n  {}: {{", comma(n), compact(name)),
        );
        list(&mut out, "events", &counted.events, 0);
        list(&mut out, "results", &counted.results, 1);
        list(&mut out, "durations", &counted.durations, 2);
        list(&mut out, "unannotated", &counted.unannotated, 3);
        if counted.falls > 0 {
            put(&mut out, format_args!(",\n   \"falls\": {}", counted.falls));
        }
        out.push_str("\n  }");
    }
    out.push_str("\n }\n}\n");
    out
}

fn list<T: Serialize>(out: &mut String, name: &str, items: &[T], before: usize) {
    put(out, format_args!("{}\n   \"{name}\": [", comma(before)));
    for (n, item) in items.iter().enumerate() {
        let item = compact(item);
        put(out, format_args!("{}\n    {item}", comma(n)));
    }
    out.push(']');
}

const fn comma(before: usize) -> &'static str {
    match before {
        0 => "",
        _ => ",",
    }
}

fn put(out: &mut String, text: fmt::Arguments<'_>) {
    // A string takes whatever is written to it.
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::super::{Counted, Ended, Events, Lasted, Outcomes, Uncovered};
    use super::*;
    use std::fs;

    fn history() -> History {
        let counted = Counted {
            events: vec![Events {
                journey: "checkout".into(),
                endpoint: "cart\"<".into(),
                sli: "latency".into(),
                threshold_ns: Some(500_000_000),
                good: vec![1, 2],
                bad: vec![0, 1],
            }],
            results: vec![Ended {
                journey: "checkout".into(),
                endpoint: "cart".into(),
                result: "ok".into(),
                count: 3,
            }],
            durations: vec![Lasted {
                endpoint: "cart".into(),
                buckets: vec![(5_000_000, 2)],
                count: 3,
            }],
            unannotated: vec![
                Uncovered {
                    route: "/healthz".into(),
                    count: 9,
                    outcomes: None,
                },
                Uncovered {
                    route: "/admin".into(),
                    count: 8,
                    outcomes: Some(Outcomes {
                        good: 5,
                        bad: 2,
                        excluded: 1,
                    }),
                },
            ],
            falls: 4,
        };
        History {
            format: FORMAT,
            generator: "cargo-slo 0.1.0".into(),
            until: "2026-05-31".into(),
            step_days: 1,
            services: [
                ("orders".to_owned(), counted),
                ("empty".to_owned(), Counted::default()),
            ]
            .into(),
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.json");
        fs::write(&path, text(&history())).unwrap();
        assert_eq!(read(&path).unwrap(), history());
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.lines().count() < 30, "{text}");
    }

    #[test]
    fn series_of_a_service_are_of_one_length() {
        let mut history = history();
        let counted = history.services.get_mut("orders").unwrap();
        let mut newer = counted.events[0].clone();
        (newer.good, newer.bad) = (vec![1], vec![0]);
        counted.events.push(newer);
        assert!(sound(&history).unwrap_err().contains("several lengths"));
    }

    #[test]
    fn what_is_none_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.json");
        assert!(read(&path).is_err());
        let whole = text(&history());
        for (from, to, what) in [
            ("\"format\": 1", "\"format\": 2", "this version knows 1"),
            ("[1,2]", "[1,2,3]", "two lengths"),
            (
                "\"count\":3}",
                "\"count\":18446744073709551615}",
                "more than",
            ),
            (
                "\"count\":9}",
                "\"count\":9223372036854775807}",
                "more than",
            ),
            ("\"bad\":2", "\"bad\":3", "`/admin` are more"),
            (
                "\"bad\":2",
                "\"bad\":18446744073709551615",
                "`/admin` are more",
            ),
            ("5000000,2", "5000000,18446744073709551615", "more than"),
            ("[1,2]", "[1,-2]", "invalid value"),
            ("[1,2]", "[1,18446744073709551615]", "more than"),
            ("\"step_days\": 1", "\"step_days\": 0", "1 to 366"),
            ("2026-05-31", "yesterday", "not a day"),
            ("{", "", "expected"),
        ] {
            assert!(whole.contains(from), "{from}");
            fs::write(&path, whole.replacen(from, to, 1)).unwrap();
            let error = read(&path).unwrap_err().to_string();
            assert!(error.contains(what), "{error}");
        }
    }
}
