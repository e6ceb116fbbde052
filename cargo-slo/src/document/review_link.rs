//! Where an answer to a review is given: an address with the SLO filled in.

use std::{fmt, str::FromStr};

/// What stands in braces, in the order of [`Answer`].
const PLACES: [&str; 5] = ["service", "slo", "hash", "title", "body"];

/// Longer addresses are cut off by servers.
const MAX_BODY_BYTES: usize = 2000;

/// The address of a form for a pull request or an issue, with places that an SLO fills in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewLink(String);

/// The text is no such address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoReviewLink(String);

impl fmt::Display for NoReviewLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}; expected an address such as `https://git.example/issues/new?title={{title}}&body={{body}}`, \
             in which `{{{}}}` are filled in",
            self.0,
            PLACES.join("}`, `{")
        )
    }
}

impl std::error::Error for NoReviewLink {}

impl FromStr for ReviewLink {
    type Err = NoReviewLink;

    fn from_str(text: &str) -> Result<ReviewLink, NoReviewLink> {
        let wrong = |what: String| Err(NoReviewLink(what));
        let mut fixed = String::new();
        let mut places = 0;
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            fixed.push_str(before);
            let Some((place, after)) = after.split_once('}') else {
                return wrong("a brace is not closed".to_owned());
            };
            if !PLACES.contains(&place) {
                return wrong(format!("`{{{place}}}` is unknown"));
            }
            places += 1;
            rest = after;
        }
        fixed.push_str(rest);
        if !super::model::is_sound(&fixed) || fixed.contains('}') {
            return wrong("this is not an address of the web".to_owned());
        }
        match places {
            0 => wrong("nothing of the SLO is filled in".to_owned()),
            _ => Ok(ReviewLink(text.to_owned())),
        }
    }
}

/// What is filled in.
#[derive(Clone, Debug)]
pub(super) struct Answer<'a> {
    pub(super) service: &'a str,
    pub(super) slo: &'a str,
    pub(super) hash: &'a str,
    pub(super) title: &'a str,
    pub(super) body: &'a str,
}

impl ReviewLink {
    /// The address for an answer.
    pub(super) fn fill(&self, answer: &Answer<'_>) -> String {
        let Answer {
            service,
            slo,
            hash,
            title,
            body,
        } = answer;
        let mut address = self.0.clone();
        // What is filled in holds no brace: each is encoded.
        for (place, text) in PLACES.into_iter().zip([service, slo, hash, title, body]) {
            address = address.replace(&format!("{{{place}}}"), &encoded(text));
        }
        address
    }
}

/// The text in percent-encoding, all but what no part of an address gives a meaning to.
fn encoded(text: &str) -> String {
    let mut end = text.len().min(MAX_BODY_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut out = String::new();
    for byte in text[..end].bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_one_value() {
        let link: ReviewLink = "https://a.example/new?title={title}&body={body}&f={slo}-{hash}"
            .parse()
            .unwrap();
        let answer = Answer {
            service: "orders",
            slo: "a/b.c",
            hash: "0f",
            title: "{body} & \"x\"",
            body: "日\n#",
        };
        assert_eq!(
            link.fill(&answer),
            "https://a.example/new?title=%7Bbody%7D%20%26%20%22x%22&body=%E6%97%A5%0A%23&f=a%2Fb.c-0f"
        );
        assert_eq!(encoded(&"日".repeat(2000)).len(), 9 * (MAX_BODY_BYTES / 3));
    }

    #[test]
    fn only_addresses_of_the_web_with_known_places() {
        for (wrong, why) in [
            ("javascript:alert({slo})", "not an address of the web"),
            ("https://a.example/?a={target}", "`{target}` is unknown"),
            ("https://a.example/?a={slo", "not closed"),
            ("https://a.example/?a=}{slo}", "not an address of the web"),
            ("https://a.example/ {slo}", "not an address of the web"),
            ("https://a.example/", "nothing of the SLO"),
            ("", "not an address of the web"),
        ] {
            let error = wrong.parse::<ReviewLink>().unwrap_err().to_string();
            assert!(error.contains(why), "{wrong}: {error}");
        }
    }
}
