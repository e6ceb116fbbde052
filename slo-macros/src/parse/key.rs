//! The keys an annotation may hold.

use proc_macro2::Ident;
use syn::Error;

/// What an argument is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Journey,
    Name,
    Route,
    Availability,
    Latency,
    Objectives,
    Window,
    Until,
    GoodStatus,
    BadStatus,
    Per,
    Every,
    Description,
    Runbook,
    Formerly,
    Crate,
}

/// In the order of the manual.
const KEYS: [(&str, Key); 16] = [
    ("journey", Key::Journey),
    ("name", Key::Name),
    ("route", Key::Route),
    ("availability", Key::Availability),
    ("latency", Key::Latency),
    ("objectives", Key::Objectives),
    ("window", Key::Window),
    ("until", Key::Until),
    ("good_status", Key::GoodStatus),
    ("bad_status", Key::BadStatus),
    ("per", Key::Per),
    ("every", Key::Every),
    ("description", Key::Description),
    ("runbook", Key::Runbook),
    ("formerly", Key::Formerly),
    ("crate", Key::Crate),
];

/// What people type who know other tools, and the key that means the same.
const SYNONYMS: [(&str, &str); 20] = [
    ("cuj", "journey"),
    ("path", "route"),
    ("endpoint", "name"),
    ("target", "availability"),
    ("success", "availability"),
    ("error_rate", "availability"),
    ("threshold", "latency"),
    ("duration", "latency"),
    ("latencies", "latency"),
    ("objective", "objectives"),
    ("slo", "objectives"),
    ("tier", "objectives"),
    ("period", "window"),
    ("interval", "every"),
    ("doc", "description"),
    ("renamed", "formerly"),
    ("renamed_from", "formerly"),
    ("status", "bad_status"),
    ("ok_status", "good_status"),
    ("success_codes", "good_status"),
];

impl Key {
    /// The key an identifier stands for.
    pub(super) fn from_ident(ident: &Ident) -> syn::Result<Key> {
        let text = ident.to_string();
        KEYS.iter()
            .find(|(known, _)| *known == text)
            .map(|(_, key)| *key)
            .ok_or_else(|| Error::new(ident.span(), unknown(&text)))
    }

    /// An argument with this key as it should look.
    pub(super) fn example(self) -> &'static str {
        match self {
            Key::Journey => "journey = CHECKOUT",
            Key::Name => "name = \"place-order\"",
            Key::Route => "route = \"POST /orders\"",
            Key::Availability => "availability = 99.9%",
            Key::Latency => "latency = 99% < 500ms",
            Key::Objectives => "objectives = GOLD",
            Key::Window => "window = 30d",
            Key::Until => "until = headers",
            Key::GoodStatus => "good_status = [404]",
            Key::BadStatus => "bad_status = [429]",
            Key::Per => "per = call",
            Key::Every => "every = 5m",
            Key::Description => "description = \"…\"",
            Key::Runbook => "runbook = \"https://…\"",
            Key::Formerly => "formerly = \"place-order\"",
            Key::Crate => "crate = ::slo_sdk",
        }
    }
}

fn unknown(text: &str) -> String {
    let known: Vec<_> = KEYS.iter().map(|(key, _)| format!("`{key}`")).collect();
    let known = known.join(", ");
    match meant(text) {
        Some(key) => format!("unknown key `{text}`; did you mean `{key}`? The keys are {known}"),
        None => format!("unknown key `{text}`; the keys are {known}"),
    }
}

fn meant(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    let synonym = SYNONYMS.iter().find(|(other, _)| *other == text);
    synonym.map(|(_, key)| *key).or_else(|| {
        KEYS.iter()
            .map(|(key, _)| (distance(&text, key), *key))
            .min()
            .filter(|(distance, key)| *distance <= key.len() / 3)
            .map(|(_, key)| key)
    })
}

/// Levenshtein distance: the least number of letters to insert, drop or change.
pub(super) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_start_with_their_key() {
        for (text, key) in KEYS {
            assert!(key.example().starts_with(&format!("{text} = ")), "{text}");
        }
    }

    #[test]
    fn close_words_are_recognised() {
        for (typed, expected) in [
            ("jorney", Some("journey")),
            ("availabilty", Some("availability")),
            ("Latency", Some("latency")),
            ("latencies", Some("latency")),
            ("objective", Some("objectives")),
            ("windows", Some("window")),
            ("cuj", Some("journey")),
            ("colour", None),
            ("x", None),
        ] {
            assert_eq!(meant(typed), expected, "{typed}");
        }
    }

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("", "abc", 3),
            ("abc", "abc", 0),
            ("abc", "axc", 1),
            ("abc", "bc", 1),
        ] {
            assert_eq!(distance(a, b), expected);
        }
    }
}
