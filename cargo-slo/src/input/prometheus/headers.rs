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

/// A line is not a header. What it says is left out: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderError {
    /// Where it stands.
    source: &'static str,
    /// Which one of them, from 1.
    number: usize,
}

impl HeaderError {
    /// Returns the error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(self.to_string())
            .with_help("a header is a name and a value, such as `X-Scope-OrgID: shop`")
            .with_note("what it says is not shown, as it may be a secret")
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "header {} of {} is none", self.number, self.source)
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

    fn parse<'a>(
        source: &'static str,
        lines: impl Iterator<Item = &'a str>,
    ) -> Result<Headers, HeaderError> {
        let lines = lines
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty());
        let all = lines.map(|(place, line)| {
            header(line).ok_or(HeaderError {
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

    fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    pub(super) fn each(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }
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
}
