//! How a Prometheus is asked.

use super::failure::Failure;
use crate::input::{
    http::{Address, AddressError, HeaderError, Headers},
    prometheus::Prometheus,
};
use clap::Args;

/// Which Prometheus is asked, and what is sent with each question.
#[derive(Debug, Default, Args)]
pub(super) struct PrometheusOptions {
    /// The Prometheus that knows what was counted and which rules run, `http://…`
    #[arg(long, value_name = "URL")]
    prometheus: Option<String>,
    // Texts, as the parser of arguments would show what it can't read, and that may be a secret.
    /// Sent with each request to Prometheus, such as `X-Scope-OrgID: shop`; secrets are safer in
    /// the environment variable CARGO_SLO_HEADERS, a line each
    #[arg(long = "header", value_name = "NAME: VALUE")]
    headers: Vec<String>,
}

impl PrometheusOptions {
    /// The address of the one that is asked, if one is.
    pub(super) fn url(&self) -> Option<&str> {
        self.prometheus.as_deref()
    }

    /// The Prometheus at this address.
    pub(super) fn prometheus(&self, url: &str) -> Result<Prometheus, Failure> {
        let headers = self.headers()?;
        let address =
            Address::parse(url).map_err(|error: AddressError| Failure::from(error.diagnostic()))?;
        Ok(Prometheus::at(address, headers))
    }

    /// What is sent with each request.
    pub(super) fn headers(&self) -> Result<Headers, Failure> {
        Headers::read(&self.headers).map_err(|error: HeaderError| Failure::from(error.diagnostic()))
    }
}
