//! Where a Prometheus is, as a person names it.
//!
//! An address that holds a user or a password is refused, and nothing of it is shown: arguments are
//! seen by other users of a machine, kept by shells and printed by pipelines. What is left can be
//! shown in every error.

use crate::diagnostics::Diagnostic;
use std::fmt;

/// The address of a Prometheus, without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(String);

/// A text is not an address that is asked. What it says is left out: it may be a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddressError {
    /// It begins neither with `http://` nor with `https://`.
    Scheme,
    /// It holds a user or a password, or something that may be one.
    User,
    /// It names no host, or one with characters that no name has.
    Host,
    /// Its port is none.
    Port,
    /// It has a query or a fragment.
    Query,
    /// It holds white space or characters that are not shown.
    Character,
}

impl Address {
    /// Returns the address that a text is.
    ///
    /// # Errors
    /// If it is none, or holds what must not stand in one.
    pub fn parse(text: &str) -> Result<Address, AddressError> {
        let (scheme, rest) = text.split_once("://").ok_or_else(|| {
            // Whoever forgot the scheme may still have written a password.
            match text.contains('@') {
                true => AddressError::User,
                false => AddressError::Scheme,
            }
        })?;
        let scheme = scheme.to_ascii_lowercase();
        // Anywhere: a password that nobody encoded may hold every sign that ends a host.
        if rest.contains('@') {
            return Err(AddressError::User);
        }
        if !["http", "https"].contains(&&*scheme) {
            return Err(AddressError::Scheme);
        }
        if !rest.chars().all(|c| ('!'..='~').contains(&c) && c != '\\') {
            return Err(AddressError::Character);
        }
        if rest.contains(['?', '#']) {
            return Err(AddressError::Query);
        }
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        check_host(host)?;
        Ok(Address(format!(
            "{scheme}://{host}{}",
            path.trim_end_matches('/')
        )))
    }

    /// Returns the address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True where it asks for TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.0.starts_with("https:")
    }
}

/// A name or an address of a host, with or without a port.
fn check_host(host: &str) -> Result<(), AddressError> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let (name, port) = rest.split_once(']').ok_or(AddressError::Host)?;
            let is_address = name.parse::<std::net::Ipv6Addr>().is_ok();
            (is_address, port)
        }
        None => {
            let (name, port) = host.split_at(host.find(':').unwrap_or(host.len()));
            let is_sign = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
            (!name.is_empty() && name.bytes().all(is_sign), port)
        }
    };
    let is_port = |port: &str| {
        let is_number = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
        is_number && port.parse::<u16>().is_ok_and(|port| port > 0)
    };
    match (name, port.strip_prefix(':')) {
        (false, _) => Err(AddressError::Host),
        (true, None) if !port.is_empty() => Err(AddressError::Host),
        (true, Some(port)) if !is_port(port) => Err(AddressError::Port),
        (true, _) => Ok(()),
    }
}

impl AddressError {
    /// Returns the error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        let told = Diagnostic::error(self.to_string());
        match self {
            AddressError::User => told
                .with_note("other users see the arguments of a process, so the address is not shown")
                .with_help(
                    "send them as a header, from the environment: `CARGO_SLO_HEADERS='Authorization: \
                     Basic …'`",
                ),
            _ => told.with_help("name it as a browser would, such as `http://prometheus:9090`"),
        }
    }
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AddressError::Scheme => "the address begins neither with `http://` nor with `https://`",
            AddressError::User => "the address holds a user or a password",
            AddressError::Host => "the address names no host",
            AddressError::Port => "the port in the address is not 1 to 65535",
            AddressError::Query => "the address has a query or a fragment",
            AddressError::Character => "the address holds characters that no address has",
        })
    }
}

impl std::error::Error for AddressError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_is() {
        for (text, address) in [
            ("http://prometheus:9090", "http://prometheus:9090"),
            (
                "HTTPS://mimir.example/prometheus/",
                "https://mimir.example/prometheus",
            ),
            ("http://[::1]:9090/", "http://[::1]:9090"),
            (
                "http://a_b-c.d/select/0:0/prometheus//",
                "http://a_b-c.d/select/0:0/prometheus",
            ),
            ("http://127.0.0.1:65535", "http://127.0.0.1:65535"),
        ] {
            assert_eq!(Address::parse(text).map(|a| a.0), Ok(address.to_owned()));
        }
        use AddressError::{Character, Host, Port, Query, Scheme, User};
        for (text, error) in [
            ("", Scheme),
            ("prometheus:9090", Scheme),
            ("ftp://host", Scheme),
            ("file:///etc/passwd", Scheme),
            ("http:/host", Scheme),
            ("http://", Host),
            ("http:///path", Host),
            ("http://:9090", Host),
            ("http://a%2fb", Host),
            ("http://[::1", Host),
            ("http://[x]", Host),
            ("http://[::1]9090", Host),
            ("http://host:", Port),
            ("http://host:0", Port),
            ("http://host:65536", Port),
            ("http://host:99999999999999999999", Port),
            ("http://host:+80", Port),
            ("http://host:80:90", Port),
            ("http://host:9090:hunter2", Port),
            ("http://host/?token=hunter2", Query),
            ("http://host?token=hunter2", Query),
            ("http://host/#hunter2", Query),
            ("http://ho st", Character),
            ("http://host/\r\nX: y", Character),
            ("http://hóst", Character),
            ("http://host\\path", Character),
            ("http://ci:hunter2@host", User),
            ("http://hunter2@host", User),
            ("http://:hunter2@host:9090/p", User),
            ("http://ci:hun@ter2@host", User),
            ("http://ci:hunter2/x@host", User),
            ("http://ci:hunter2?x@host", User),
            ("http://ci:hunter2#x@host", User),
            ("https://ci:hun\\ter2@host", User),
            ("ftp://ci:hunter2@host", User),
            ("ci:hunter2@host:9090", User),
            ("http://host/hunter2@x", User),
        ] {
            let found = Address::parse(text).unwrap_err();
            assert_eq!(found, error, "{text}");
            let told = format!("{found} {found:?} {:?}", found.diagnostic());
            assert!(!told.contains("hunter2"), "{told}");
        }
    }
}
