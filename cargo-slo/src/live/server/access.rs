//! Who may.
//!
//! Any page that a developer has open may send requests to this machine. So the host has to be this
//! one under a name that no other machine can take, a page of another site is refused, and looking
//! takes a token that only the opened address has.

use crate::live::view::Refusal;
use http::{HeaderMap, Uri, header, uri::Authority};
use std::{fmt::Write, io};

/// What requests are let in by.
#[derive(Debug)]
pub(crate) struct Access {
    port: u16,
    token: String,
}

impl Access {
    /// Names of this machine.
    const HOSTS: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

    /// For a port, with a new token.
    ///
    /// # Errors
    /// The system's, if it gives no random numbers.
    pub(crate) fn new(port: u16) -> io::Result<Access> {
        let mut bytes = [0u8; 16];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        let mut token = String::new();
        for byte in bytes {
            // A text takes whatever is written to it.
            let _ = write!(token, "{byte:02x}");
        }
        Ok(Access { port, token })
    }

    /// Where the page is.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.port, self.token)
    }

    /// Where exporters send to.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn is_this(&self, authority: &str) -> bool {
        let host = authority.rsplit_once(':');
        host.is_some_and(|(host, port)| {
            Access::HOSTS
                .iter()
                .any(|known| host.eq_ignore_ascii_case(known))
                && port.parse() == Ok(self.port)
        })
    }

    /// Checks where a request is meant for, and which site it comes from.
    pub(super) fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
        let mut hosts = headers.get_all(header::HOST).iter();
        let host = hosts.next().map(|host| host.to_str().unwrap_or_default());
        let named = [uri.authority().map(Authority::as_str), host];
        let mut named = named.into_iter().flatten().peekable();
        if named.peek().is_none() || !named.all(|host| self.is_this(host)) || hosts.next().is_some()
        {
            return Err(Refusal::OtherHost);
        }
        for origin in headers.get_all(header::ORIGIN) {
            let origin = origin.to_str().unwrap_or_default();
            let authority = origin.strip_prefix("http://");
            if !authority.is_some_and(|authority| self.is_this(authority)) {
                return Err(Refusal::OtherSite);
            }
        }
        Ok(())
    }

    /// Returns the rest of a path that begins with the token.
    pub(super) fn admitted<'p>(&self, path: &'p str) -> Option<&'p str> {
        let (token, rest) = path.strip_prefix('/')?.split_once('/')?;
        // Each byte, whatever the first ones are: how long it takes tells nothing.
        let pairs = token.bytes().zip(self.token.bytes());
        let differences = pairs.fold(0, |sum, (a, b)| sum | (a ^ b));
        (token.len() == self.token.len() && differences == 0).then_some(rest)
    }

    /// The path of something below the token.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("/{}/{rest}", self.token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(host: &str, origin: Option<&str>) -> Result<(), Refusal> {
        let access = Access::new(4318).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        access.check(&Uri::from_static("/"), &headers)
    }

    #[test]
    fn only_this_machine_and_its_own_page() {
        for host in [
            "127.0.0.1:4318",
            "localhost:4318",
            "LocalHost:4318",
            "[::1]:4318",
        ] {
            assert_eq!(checked(host, None), Ok(()), "{host}");
        }
        for host in [
            "",
            "evil.example:4318",
            "127.0.0.1",
            "127.0.0.1:80",
            "127.0.0.1.evil.example:4318",
            "evil@127.0.0.1:4318",
        ] {
            assert_eq!(checked(host, None), Err(Refusal::OtherHost), "{host}");
        }
        assert_eq!(
            checked("localhost:4318", Some("http://127.0.0.1:4318")),
            Ok(())
        );
        for origin in [
            "null",
            "http://evil.example",
            "https://localhost:4318",
            "http://localhost:3000",
            "",
        ] {
            let found = checked("localhost:4318", Some(origin));
            assert_eq!(found, Err(Refusal::OtherSite), "{origin}");
        }
    }

    #[test]
    fn nobody_guesses_the_token() {
        let access = Access::new(1).unwrap();
        let token = access.token.clone();
        assert_eq!(token.len(), 32);
        assert_eq!(
            access.admitted(&format!("/{token}/view.json")),
            Some("view.json")
        );
        for path in [
            "/",
            "//",
            "/view.json",
            &format!("/{}/", &token[1..]),
            &format!("/{token}"),
        ] {
            assert_eq!(access.admitted(path), None, "{path}");
        }
        assert_ne!(Access::new(1).unwrap().token, token);
    }
}
