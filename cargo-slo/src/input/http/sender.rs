//! Exports, passed on to a collector: the one thing that is sent and not asked.

use super::{Tls, client::agent, error::what, tls::explain};
use std::time::Duration;

/// A way to send.
#[derive(Debug)]
pub(crate) struct Sender {
    agent: ureq::Agent,
    tls: Tls,
    patience: Duration,
}

impl Sender {
    /// Returns one that waits this long for each answer, and believes and is believed by this.
    pub(crate) fn new(tls: Tls, patience: Duration) -> Sender {
        Sender {
            agent: agent(&tls, patience),
            tls,
            patience,
        }
    }

    /// Sends to an address.
    ///
    /// # Errors
    /// Why it did not arrive, or was refused.
    pub(crate) fn send(&self, url: &str, content_type: &str, body: &[u8]) -> Result<(), String> {
        let request = self.agent.post(url).header("content-type", content_type);
        let request = request.config().timeout_global(Some(self.patience)).build();
        let status = match request.send(body) {
            Ok(response) => response.status(),
            Err(error) => {
                let of_tls = explain(&error, &self.tls);
                return Err(of_tls.map_or_else(|| what(&error), |(what, _)| what));
            }
        };
        match status.is_success() {
            true => Ok(()),
            false => Err(format!("it answers {status}")),
        }
    }
}
