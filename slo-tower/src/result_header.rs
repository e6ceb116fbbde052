//! The header in which a service tells its own word on an event.

use http::{HeaderMap, HeaderName};
use slo_sdk::Mark;

const SLO_RESULT: HeaderName = HeaderName::from_static("slo-result");

const VALUES: [(&str, Mark); 3] = [
    ("good", Mark::Good),
    ("bad", Mark::Bad),
    ("excluded", Mark::Excluded),
];

/// Leaves this word in the headers and no other: one that came with the answer of a service
/// further in is nobody's whom the reader trusts.
#[cfg(any(test, not(feature = "off")))]
pub(crate) fn write(headers: &mut HeaderMap, mark: Option<Mark>) {
    match VALUES.into_iter().find(|(_, known)| Some(*known) == mark) {
        Some((text, _)) => headers.insert(SLO_RESULT, http::HeaderValue::from_static(text)),
        None => headers.remove(SLO_RESULT),
    };
}

/// Takes the word out of the headers; `None` if there is none, or several, or where it
/// can't be read.
pub(crate) fn take(headers: &mut HeaderMap) -> Option<Mark> {
    let http::header::Entry::Occupied(entry) = headers.entry(SLO_RESULT) else {
        return None;
    };
    let (_, mut values) = entry.remove_entry_mult();
    let value = values.next().filter(|_| values.next().is_none())?;
    let known = VALUES.into_iter().find(|(text, _)| value == *text);
    known.map(|(_, mark)| mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_as_it_was_written() {
        let mut headers = HeaderMap::new();
        for mark in [Mark::Good, Mark::Bad, Mark::Excluded].map(Some) {
            write(&mut headers, mark);
            assert_eq!((take(&mut headers), headers.len()), (mark, 0));
        }
        write(&mut headers, Some(Mark::Bad));
        write(&mut headers, None);
        assert_eq!((take(&mut headers), headers.len()), (None, 0));
    }

    #[test]
    fn nonsense_is_no_word_and_goes_no_further() {
        for values in [
            &["BAD"][..],
            &["bad", "bad"],
            &["bad,good"],
            &[""],
            &["\u{e9}"],
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(
                    "slo-result",
                    http::HeaderValue::from_bytes(value.as_bytes()).unwrap(),
                );
            }
            assert_eq!((take(&mut headers), headers.len()), (None, 0), "{values:?}");
        }
    }
}
