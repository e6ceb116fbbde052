//! What a client takes from files and the environment.

use super::{TlsError, TlsFiles, pem};
use crate::input::http::Address;
use rustls::crypto::{CryptoProvider, ring};
use std::{
    env, fmt,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};
use ureq::tls::{Certificate, ClientCert, RootCerts, TlsConfig};

/// A file with authorities, as OpenSSL, Go and Python know it.
const AUTHORITIES: &str = "SSL_CERT_FILE";

/// A folder with more of them. Where both are set, the verifier of Linux reads both.
const FOLDER: &str = "SSL_CERT_DIR";

static PROVIDER: LazyLock<Arc<CryptoProvider>> =
    LazyLock::new(|| Arc::new(ring::default_provider()));

/// Whom an `https://` address is believed, and who asks.
#[derive(Clone, Default)]
pub struct Tls {
    authorities: Option<Authorities>,
    client: Option<ClientCert>,
}

/// Those that are trusted, and no others.
#[derive(Clone)]
struct Authorities {
    path: PathBuf,
    certificates: Arc<Vec<Certificate<'static>>>,
}

impl Authorities {
    fn read(path: PathBuf) -> Result<Authorities, TlsError> {
        let certificates = Arc::new(pem::authorities(&path)?);
        Ok(Authorities { path, certificates })
    }
}

impl Tls {
    /// Returns what an address needs: nothing, if it is `http://…`.
    ///
    /// # Errors
    /// If a file can't be read, or is not what it should be.
    pub fn read(files: &TlsFiles, address: &Address) -> Result<Tls, TlsError> {
        if !address.is_secure() {
            return Ok(Tls::default());
        }
        let authorities = match (&files.authorities, of_environment()) {
            (Some(path), _) => Some(Authorities::read(path.clone())?),
            (None, Some(path)) => {
                let of_variable = |error| TlsError::OfVariable(AUTHORITIES, Box::new(error));
                Some(Authorities::read(path).map_err(of_variable)?)
            }
            (None, None) => None,
        };
        let client = files.certificate.as_deref().map(|certificate| {
            pem::client(
                certificate,
                files.key.as_deref().unwrap_or(certificate),
                &PROVIDER,
            )
        });
        Ok(Tls {
            authorities,
            client: client.transpose()?,
        })
    }

    /// The settings of the client.
    pub(crate) fn config(&self) -> TlsConfig {
        let authorities = self.authorities.as_ref();
        TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::clone(&PROVIDER))
            // Inside a company, certificates are rarely those that browsers know.
            .root_certs(
                authorities.map_or(RootCerts::PlatformVerifier, |authorities| {
                    RootCerts::Specific(Arc::clone(&authorities.certificates))
                }),
            )
            .client_cert(self.client.clone())
            .build()
    }

    /// The file that names the authorities, if one does.
    pub(super) fn file(&self) -> Option<&Path> {
        self.authorities.as_ref().map(|file| &*file.path)
    }

    /// True if a certificate is shown to a server that asks for one.
    pub(super) fn has_client_certificate(&self) -> bool {
        self.client.is_some()
    }
}

/// The file that the environment names: the verifiers of macOS and Windows don't look at it.
fn of_environment() -> Option<PathBuf> {
    let set = |variable| env::var_os(variable).filter(|value| !value.is_empty());
    let is_read_by_system = cfg!(all(unix, not(target_vendor = "apple"))) && set(FOLDER).is_some();
    match is_read_by_system {
        true => None,
        false => set(AUTHORITIES).map(PathBuf::from),
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("authorities", &self.file())
            .finish_non_exhaustive()
    }
}
