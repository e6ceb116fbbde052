//! A build without TLS.

use super::{TlsError, TlsFiles};
use crate::input::http::Address;

/// Whom an `https://` address is believed: in this build, nobody.
#[derive(Clone, Debug, Default)]
pub struct Tls(());

impl Tls {
    /// Returns what an address needs: nothing, if it is `http://…`.
    ///
    /// # Errors
    /// If it is `https://…`.
    pub fn read(_: &TlsFiles, address: &Address) -> Result<Tls, TlsError> {
        match address.is_secure() {
            true => Err(TlsError::NotBuiltIn),
            false => Ok(Tls(())),
        }
    }
}

/// No failure is one of TLS.
pub(in crate::input::http) fn explain(_: &ureq::Error, _: &Tls) -> Option<(String, String)> {
    None
}
