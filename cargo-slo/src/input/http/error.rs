//! Why a system gave no answer.

use super::System;
use crate::diagnostics::Diagnostic;
use std::{fmt, io, path::Path};

/// Why there was no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskError {
    /// The system that was asked.
    pub(super) system: &'static System,
    /// The address that was asked, without what was asked for.
    pub url: String,
    /// What happened.
    pub what: String,
    /// What to do; empty where what happened says it all.
    pub help: String,
}

impl AskError {
    /// Returns the error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        let told = Diagnostic::error(self.message()).at(Path::new(&self.url));
        match self.help.is_empty() {
            true => told,
            false => told.with_help(self.help.clone()),
        }
    }

    fn message(&self) -> String {
        format!("querying {} failed: {}", self.system.name, self.what)
    }

    /// There is no connection, or it broke; `of_tls` is why and what to do, where TLS is the reason.
    pub(super) fn connection(
        system: &'static System,
        url: &str,
        error: &ureq::Error,
        of_tls: Option<(String, String)>,
        attempts: u32,
    ) -> AskError {
        let (what, help) = of_tls.unwrap_or_else(|| (what(error), help(error, system, url)));
        let what = match attempts {
            0 | 1 => what,
            _ => format!("{what}, each of {attempts} times"),
        };
        AskError {
            system,
            url: url.to_owned(),
            what,
            help,
        }
    }
}

/// What happened.
pub(super) fn what(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            "connection refused".to_owned()
        }
        error if is_unknown_host(error) => "its host is unknown".to_owned(),
        ureq::Error::Io(error) if is_hang_up(error.kind()) => {
            "it closed the connection without an answer".to_owned()
        }
        ureq::Error::Timeout(ureq::Timeout::Connect) => "no connection in time".to_owned(),
        ureq::Error::Timeout(_) => "no answer in time".to_owned(),
        _ => error.to_string(),
    }
}

/// What to do about it.
fn help(error: &ureq::Error, system: &System, url: &str) -> String {
    let or_tls = match url.starts_with("http:") {
        true => "; if it speaks TLS at that port, write `https://`",
        false => {
            ", and that it speaks TLS at that port; it may ask for a client certificate: \
             `--client-cert FILE`"
        }
    };
    match error {
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            "nothing listens there: start it, or check host and port; what runs in a cluster is \
             reached through `kubectl port-forward`"
                .to_owned()
        }
        error if is_unknown_host(error) => {
            "check its name; names of a cluster are known only within it, `kubectl port-forward` \
             leads there"
                .to_owned()
        }
        ureq::Error::Timeout(_) => {
            "check that nothing on the way, such as a firewall, keeps it from being reached from here"
                .to_owned()
        }
        ureq::Error::Http(_) | ureq::Error::Protocol(_) => format!(
            "check that it is {}, whose address looks like `{}`{or_tls}",
            system.name, system.example
        ),
        _ => format!("check that it runs{or_tls}"),
    }
}

/// A connection that was there, and is not any more.
pub(super) fn is_hang_up(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(
        kind,
        BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof
    )
}

/// True where the name of the host leads nowhere; what the system says has no kind of its own.
fn is_unknown_host(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::HostNotFound => true,
        ureq::Error::Io(error) => error.to_string().contains("lookup address"),
        _ => false,
    }
}

impl fmt::Display for AskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.url, self.message())
    }
}

impl std::error::Error for AskError {}
