//! What the files list.

use super::RoutePattern;
use crate::diagnostics::Location;
use crate::input::yaml::Wrong;
use std::collections::HashSet;

/// An endpoint that a service offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// The route, as the file spells it: `GET /orders/{id}`.
    pub name: String,
    /// The same below each of the paths that the file says the service has, and rewritten as
    /// its gateway does; at least one.
    pub patterns: Vec<RoutePattern>,
    /// What the file calls what serves it: `listOrders`, an operation of OpenAPI.
    pub operation: Option<String>,
    /// The place that lists it.
    pub location: Location,
}

/// The endpoints that a service offers, in the order of the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Api {
    /// The files, as they were named.
    pub files: Vec<String>,
    /// The endpoints.
    pub endpoints: Vec<Offered>,
    /// Routes that no annotation can be compared with, such as regular expressions: how many.
    pub incomparable: u32,
    /// The protocols that the files are about: what is not in them, the service does not offer.
    pub protocols: Protocols,
}

/// Protocols that endpoints are called by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Protocols {
    /// HTTP, by a method and a path.
    pub http: bool,
    /// gRPC, by a service and its method.
    pub grpc: bool,
}

impl Protocols {
    pub(super) const HTTP: Protocols = Protocols {
        http: true,
        grpc: false,
    };
    pub(super) const GRPC: Protocols = Protocols {
        http: false,
        grpc: true,
    };

    pub(super) fn and(&mut self, other: Protocols) {
        self.http |= other.http;
        self.grpc |= other.grpc;
    }

    /// Returns `true` if it is among the protocols that an annotation's route is called by: one of
    /// gRPC has no method.
    pub fn include(self, route: &RoutePattern) -> bool {
        match route.method {
            Some(_) => self.http,
            None => self.grpc,
        }
    }
}

impl Api {
    /// Adds what another file lists; an endpoint of both is one.
    pub(super) fn add(&mut self, file: String, listed: Listed) {
        let mut known: HashSet<_> = self.endpoints.iter().map(|one| one.name.clone()).collect();
        self.files.push(file);
        self.incomparable = self.incomparable.saturating_add(listed.incomparable);
        self.protocols.and(listed.protocols);
        let new = listed.endpoints.into_iter();
        self.endpoints
            .extend(new.filter(|one| known.insert(one.name.clone())));
    }
}

/// What one file lists.
#[derive(Clone, Debug, Default)]
pub(super) struct Listed {
    pub(super) endpoints: Vec<Offered>,
    pub(super) incomparable: u32,
    pub(super) protocols: Protocols,
    patterns: usize,
}

/// More routes than these were not written by people, and neither were longer ones. Short files
/// can ask for them: an alias stands for any number of servers or rules.
const MOST_PATTERNS: usize = 200_000;
const LONGEST_PATH: usize = 1000;

impl Listed {
    /// Nothing yet, of a file about these protocols.
    pub(super) fn about(protocols: Protocols) -> Listed {
        Listed {
            protocols,
            ..Listed::default()
        }
    }

    /// Adds an endpoint.
    pub(super) fn push(&mut self, offered: Offered) -> Result<(), Wrong> {
        self.patterns += offered.patterns.len();
        if self.patterns > MOST_PATTERNS {
            let what = format!("the file lists more than {MOST_PATTERNS} routes");
            return Err(Wrong::at(offered.location, what));
        }
        self.endpoints.push(offered);
        Ok(())
    }
}

/// Refuses a path that nobody could have written.
pub(super) fn check_length(path: &str, at: impl FnOnce() -> Location) -> Result<(), Wrong> {
    if path.len() <= LONGEST_PATH {
        return Ok(());
    }
    let what = format!("a path has more than {LONGEST_PATH} bytes");
    Err(Wrong::at(at(), what))
}
