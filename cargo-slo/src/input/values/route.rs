//! Routes, and paths that stand before others.

use crate::input::api::RoutePattern;
use serde::Deserialize;
use std::{fmt, str::FromStr};

/// A route as it was written: `GET /healthz`, `/healthz` for every method, `/internal/*` for
/// everything below.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Route {
    /// The text.
    pub text: String,
    /// What it is about.
    pub pattern: RoutePattern,
}

/// The text is not a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoRoute(String);

impl fmt::Display for NoRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a route; expected `METHOD /path`, or `/path` for every method",
            self.0
        )
    }
}

impl std::error::Error for NoRoute {}

impl FromStr for Route {
    type Err = NoRoute;

    fn from_str(text: &str) -> Result<Route, NoRoute> {
        text.to_owned().try_into()
    }
}

impl TryFrom<String> for Route {
    type Error = NoRoute;

    fn try_from(text: String) -> Result<Route, NoRoute> {
        match RoutePattern::parse(&text) {
            Some(pattern) => Ok(Route { text, pattern }),
            None => Err(NoRoute(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_or_without_a_method() {
        for text in ["/healthz", "GET /healthz", "/internal/*"] {
            assert_eq!(text.parse::<Route>().unwrap().text, text);
        }
        let wrong = "healthz".parse::<Route>().unwrap_err();
        assert!(wrong.to_string().starts_with("`healthz` is not a route"));
    }
}
