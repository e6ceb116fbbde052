//! What the servers do for a request.

use crate::{NAMES, client::Question, server::Server};
use axum::{body::Body, extract::Request};
use slo_benches::{cases, orders};
use std::io;
use tower::ServiceExt;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Workload {
    /// Nothing.
    Nothing,
    /// Read an order and write a receipt.
    Orders,
}

impl Workload {
    pub(crate) const ALL: [Workload; 2] = [Workload::Nothing, Workload::Orders];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Workload::Nothing => "a handler that does nothing",
            Workload::Orders => "JSON in, 1 KiB of JSON out",
        }
    }

    pub(crate) fn question(self) -> Question {
        match self {
            Workload::Nothing => Question {
                path: "/users/42",
                body: None,
            },
            Workload::Orders => Question {
                path: orders::ROUTE,
                body: Some(orders::ORDER),
            },
        }
    }

    /// The endpoints that count the requests of our layer, inside and around the router.
    pub(crate) fn endpoints(self) -> [&'static str; 2] {
        match self {
            Workload::Nothing => ["inside", "around"],
            Workload::Orders => ["orders-inside", "orders-around"],
        }
    }

    /// Servers of it, with the layers that [`NAMES`] says.
    pub(crate) fn servers(self) -> io::Result<[Server; NAMES.len()]> {
        let (bare, by_hand, inside, around) = match self {
            Workload::Nothing => (
                cases::bare as fn() -> _,
                cases::layered_by_hand(),
                cases::layered_inside(),
                cases::layered_around(),
            ),
            Workload::Orders => (
                orders::bare as fn() -> _,
                orders::layered_by_hand(),
                orders::layered_inside(),
                orders::layered_around(),
            ),
        };
        // axum serves bodies of its own type only.
        let around =
            ServiceExt::<Request>::map_response(around, |response| response.map(Body::new));
        Ok([
            Server::start(bare())?,
            Server::start(bare())?,
            Server::start(by_hand)?,
            Server::start(inside)?,
            Server::start(around)?,
        ])
    }
}
