//! Whom an `https://` address is believed, and who asks.

use super::failure::Failure;
use crate::input::http::{Address, Tls, TlsFiles};
use clap::Args;
use std::path::PathBuf;

/// Files for `https://` addresses.
#[derive(Debug, Default, Args)]
pub(super) struct TlsOptions {
    /// Trust `https://` addresses by the authorities in this file, in PEM, and no others [default:
    /// those of SSL_CERT_FILE, else of the operating system]
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// The certificate for `https://` addresses that ask for one, in PEM
    #[arg(long, value_name = "FILE")]
    client_cert: Option<PathBuf>,
    /// Its private key [default: in the file of `--client-cert`]
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    client_key: Option<PathBuf>,
}

impl TlsOptions {
    /// What an address needs.
    pub(super) fn read(&self, address: &Address) -> Result<Tls, Failure> {
        let files = TlsFiles {
            authorities: self.ca_file.clone(),
            certificate: self.client_cert.clone(),
            key: self.client_key.clone(),
        };
        Ok(Tls::read(&files, address)?)
    }
}
