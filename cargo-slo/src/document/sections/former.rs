//! Values of SLOs before, as the history writes them.

use super::subject::About;
use crate::{
    definition::{Sli, Slo, value_hash},
    document::changes::History,
    input::values::Promise,
};
use slo_model::Window;

/// The SLO with the value that a review approved, by its hash; `None` if git does not know it.
pub(super) fn approved(about: &About<'_>, slo: &Slo, hash: &str) -> Option<Slo> {
    let History::Known(changes) = about.known.history else {
        return None;
    };
    let name = slo.identity.name_in_service();
    let own = changes.iter().filter(|change| change.what == name);
    let mut values = own.flat_map(|change| change.before.iter().chain(&change.after));
    values.find_map(|value| {
        let (promise, window) = value_of(value)?;
        let mut before = slo.clone();
        (before.target, before.window) = (promise.target, window);
        if let (Sli::Latency { threshold, .. }, Some(own)) = (&mut before.sli, promise.threshold) {
            *threshold = own;
        }
        (value_hash(&before) == hash).then_some(before)
    })
}

/// A value as the history writes it: `99.9% / 30d`, `99% < 500ms / 30d`.
pub(super) fn value_of(text: &str) -> Option<(Promise, Window)> {
    let (promise, window) = text.split_once(" / ")?;
    Some((promise.parse().ok()?, window.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn values_read_back() {
        let (promise, window) = value_of("99% < 500ms / calendar-month").unwrap();
        assert_eq!(promise.threshold, Some(Duration::from_millis(500)));
        assert_eq!(
            (promise.target.to_string(), window),
            ("99%".to_owned(), Window::MONTH)
        );
        assert_eq!(value_of("99.9% / 30d").unwrap().1, Window::days(30));
        for other in ["99.9%", "630_000/month", "99.9% / soon", "/", ""] {
            assert_eq!(value_of(other), None, "{other}");
        }
    }
}
