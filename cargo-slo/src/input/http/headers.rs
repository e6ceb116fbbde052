//! What is sent with each request, such as a tenant or a token.

use crate::diagnostics::Diagnostic;
use std::{env, fmt};

/// The environment variable that holds headers, a line each: unlike arguments, other users of a
/// machine can't read it.
const VARIABLE: &str = "CARGO_SLO_HEADERS";

/// Headers by name. Their values may be secrets, so nothing shows them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

/// A header is missing, or is none. What it says is left out: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderError {
    /// A line is not a header.
    Line {
        /// Where it stands.
        source: &'static str,
        /// Which one of them, from 1.
        number: usize,
    },
    /// An environment variable holds what can't be sent.
    Value {
        /// The variable.
        variable: &'static str,
    },
    /// An environment variable is not set.
    Unset {
        /// The variable.
        variable: &'static str,
        /// What to set it to.
        help: &'static str,
    },
}

impl HeaderError {
    /// Returns the error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        let told = Diagnostic::error(self.to_string());
        match self {
            HeaderError::Line { .. } => told
                .with_help("a header is a name and a value, such as `X-Scope-OrgID: shop`")
                .with_note("what it says is not shown, as it may be a secret"),
            HeaderError::Value { .. } => told
                .with_help("set it again, without quotes and line breaks")
                .with_note("what it says is not shown, as it is a secret"),
            HeaderError::Unset { help, .. } => told.with_help(*help),
        }
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HeaderError::Line { source, number } => {
                write!(f, "header {number} of {source} is none")
            }
            HeaderError::Value { variable } => write!(
                f,
                "the environment variable {variable} holds characters that can't be sent"
            ),
            HeaderError::Unset { variable, .. } => {
                write!(f, "the environment variable {variable} is not set")
            }
        }
    }
}

impl std::error::Error for HeaderError {}

impl Headers {
    /// Those of the command line and of the environment variable `CARGO_SLO_HEADERS`, in which
    /// each line is one.
    ///
    /// # Errors
    /// If one is not `Name: value`.
    pub fn read(arguments: &[String]) -> Result<Headers, HeaderError> {
        let variable = env::var(VARIABLE).unwrap_or_default();
        let mut headers = Headers::parse("the environment variable", variable.lines())?;
        let arguments = arguments.iter().map(String::as_str);
        headers.0.extend(Headers::parse("`--header`", arguments)?.0);
        Ok(headers)
    }

    /// Those of the command line that go with exports; where there are none, those that services send:
    /// `OTEL_EXPORTER_OTLP_METRICS_HEADERS`, else `OTEL_EXPORTER_OTLP_HEADERS`.
    ///
    /// # Errors
    /// If one is not `Name: value`, or `name=value` in a variable.
    pub(crate) fn of_exports(arguments: &[String]) -> Result<Headers, HeaderError> {
        if !arguments.is_empty() {
            return Headers::parse("`--otlp-header`", arguments.iter().map(String::as_str));
        }
        let set = |name| env::var(name).ok().filter(|text| !text.trim().is_empty());
        for source in [
            "OTEL_EXPORTER_OTLP_METRICS_HEADERS",
            "OTEL_EXPORTER_OTLP_HEADERS",
        ] {
            if let Some(pairs) = set(source) {
                let lines: Vec<_> = pairs.split(',').map(from_pair).collect();
                return Headers::parse(source, lines.iter().map(String::as_str));
            }
        }
        Ok(Headers::default())
    }

    fn parse<'a>(
        source: &'static str,
        lines: impl Iterator<Item = &'a str>,
    ) -> Result<Headers, HeaderError> {
        let lines = lines
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty());
        let all = lines.map(|(place, line)| {
            header(line).ok_or(HeaderError::Line {
                source,
                number: place + 1,
            })
        });
        Ok(Headers(all.collect::<Result<_, _>>()?))
    }

    /// Returns `true` if there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the header that starts like this and ends with the secret of an environment
    /// variable; `None` if that is not set.
    ///
    /// # Errors
    /// If it can't be sent.
    pub(crate) fn from_variable(
        start: &str,
        variable: &'static str,
    ) -> Result<Option<Headers>, HeaderError> {
        let value = env::var_os(variable).unwrap_or_default();
        if value.is_empty() {
            return Ok(None);
        }
        let line = value
            .to_str()
            .map(|value| format!("{start}{}", value.trim()));
        let header = line.and_then(|line| header(&line));
        match header {
            Some(header) => Ok(Some(Headers(vec![header]))),
            None => Err(HeaderError::Value { variable }),
        }
    }

    /// Returns both.
    #[must_use]
    pub(crate) fn and(mut self, other: Headers) -> Headers {
        self.0.extend(other.0);
        self
    }

    /// Returns a text without the values, should it hold one.
    pub(super) fn redacted(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (_, value) in &self.0 {
            // A token stands behind the name of its scheme.
            let secret = value.rsplit(' ').next().unwrap_or(value);
            text = text.replace(secret, "…");
        }
        text
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    pub(crate) fn each(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }
}

/// `name=value` as a line; what is encoded by percent signs is read.
fn from_pair(pair: &str) -> String {
    let Some((name, value)) = pair.split_once('=') else {
        return pair.to_owned();
    };
    let mut bytes = Vec::new();
    let mut rest = value.trim().as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'%');
        let encoded = digits
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(encoded.unwrap_or(*first));
        rest = if encoded.is_some() {
            &after[2..]
        } else {
            after
        };
    }
    format!("{name}: {}", String::from_utf8_lossy(&bytes))
}

fn header(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    let (name, value) = (name.trim(), value.trim());
    let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    let is_name = !name.is_empty() && name.bytes().all(is_token);
    let is_value = !value.is_empty() && value.bytes().all(|b| (b' '..=b'~').contains(&b));
    (is_name && is_value).then(|| (name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values() {
        let lines = "X-Scope-OrgID: shop\n\nAuthorization: Bearer a:b\n";
        let headers = Headers::parse("here", lines.lines()).unwrap();
        let all: Vec<_> = headers.each().collect();
        assert_eq!(
            all,
            [("X-Scope-OrgID", "shop"), ("Authorization", "Bearer a:b")]
        );
    }

    #[test]
    fn secrets_are_shown_nowhere() {
        let headers = Headers::parse("here", ["Authorization: s3cret"].into_iter()).unwrap();
        assert_eq!(format!("{headers:?}"), "[\"Authorization\"]");
        for wrong in [
            "s3cret",
            "a b: s3cret",
            "A: s3cret\r\nB: c",
            ": s3cret",
            "A:",
        ] {
            let error = Headers::parse("here", ["", wrong].into_iter()).unwrap_err();
            let told = format!("{error:?} {error} {:?}", error.diagnostic());
            assert!(!told.contains("s3cret") && told.contains('2'), "{told}");
        }
    }

    #[test]
    fn what_services_send_is_read() {
        assert_eq!(
            from_pair("authorization=Basic%20YTpi="),
            "authorization: Basic YTpi="
        );
        assert_eq!(from_pair("a=50%"), "a: 50%");
        assert_eq!(from_pair(" x-tenant = shop "), " x-tenant : shop");
        assert_eq!(header(&from_pair("no pair")), None);
    }

    #[test]
    fn what_is_told_of_an_answer_holds_no_value() {
        let lines = "X-Scope-OrgID: shop\nAuthorization: Bearer s3cret\n";
        let headers = Headers::parse("here", lines.lines()).unwrap();
        assert_eq!(
            headers.redacted("s3cret of shop is wrong"),
            "… of … is wrong"
        );
    }
}
