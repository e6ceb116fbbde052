//! How a Prometheus is asked.

use super::{failure::Failure, tls_options::TlsOptions};
use crate::{
    input::{
        http::{Address, Headers, Tls},
        prometheus::Prometheus,
    },
    text::visible,
};
use clap::Args;
use std::io::{self, Write};

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
    #[command(flatten)]
    tls: TlsOptions,
}

impl PrometheusOptions {
    /// The address of the one that is asked, if one is.
    pub(super) fn url(&self) -> Option<&str> {
        self.prometheus.as_deref()
    }

    /// The Prometheus at this address.
    pub(super) fn prometheus(&self, url: &str) -> Result<Prometheus, Failure> {
        let (address, headers) = (Address::parse(url)?, self.headers()?);
        let tls = self.tls(&address)?;
        let prometheus = Prometheus::at(address, headers).with_tls(tls);
        Ok(prometheus.telling(tell))
    }

    /// What is sent with each request.
    pub(super) fn headers(&self) -> Result<Headers, Failure> {
        Ok(Headers::read(&self.headers)?)
    }

    /// Whom an address is believed.
    pub(super) fn tls(&self, address: &Address) -> Result<Tls, Failure> {
        self.tls.read(address)
    }
}

/// Tells whoever waits why it takes longer.
fn tell(what: &str) {
    // Where nobody reads remarks, the work goes on.
    let _ = writeln!(io::stderr(), "{}", visible(what));
}
