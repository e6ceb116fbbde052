//! The client: sends a request as its scenario says, and says what it did not expect.
//!
//! `pool` keeps connections, `http` acts over HTTP/1 and HTTP/2, `grpc` acts through tonic.

mod grpc;
mod http;
mod pool;

use crate::{
    scenario::{Protocol, Scenario},
    servers::{Place, Servers},
};
use pool::Pool;
use std::time::Duration;

/// Nothing takes longer but what hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// Sends requests over connections that it keeps, as clients do.
#[derive(Debug)]
pub(crate) struct Client {
    pool: Pool,
}

/// One request of a scenario.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt<'a> {
    pub(crate) number: u64,
    pub(crate) scenario: &'a Scenario,
    pub(crate) place: Place,
    pub(crate) protocol: Protocol,
}

impl Client {
    pub(crate) fn new(servers: Servers) -> Client {
        Client {
            pool: Pool::new(servers),
        }
    }

    /// Sends the request and does with the answer what the scenario says.
    pub(crate) async fn send(&self, attempt: Attempt<'_>) -> Result<(), String> {
        let acting = async {
            match attempt.protocol {
                Protocol::Http1 => http::over_http1(&self.pool, attempt).await,
                Protocol::Http2 => http::over_http2(&self.pool, attempt).await,
                Protocol::Grpc => grpc::act(&self.pool, attempt).await,
            }
        };
        let acted = tokio::time::timeout(PATIENCE, acting).await;
        acted
            .unwrap_or_else(|_| Err(format!("not over after {PATIENCE:?}")))
            .map_err(|why| {
                let Attempt {
                    number,
                    scenario,
                    place,
                    protocol,
                } = attempt;
                format!(
                    "request {number}, {} {} {:?}, {place:?}, {protocol:?}: {why}",
                    scenario.method, scenario.path, scenario.act
                )
            })
    }
}
