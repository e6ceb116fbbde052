//! Certificates and keys, in PEM.
//!
//! Everything is looked at here: `ureq` leaves out authorities that it can't read, and panics where a
//! certificate and a key don't belong together.

use super::TlsError;
use crate::input::{NamedBy, read_file};
use rustls::{
    Error, InconsistentKeys, RootCertStore,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use std::path::Path;
use ureq::tls::{Certificate, ClientCert, PrivateKey};

/// A system's own list of authorities is 200 KiB long.
const MAX_FILE_BYTES: u64 = 16 << 20;

/// The authorities in a file. Those of kinds that are not known are left out, if others are known.
pub(super) fn authorities(path: &Path) -> Result<Vec<Certificate<'static>>, TlsError> {
    let certificates = certificates(path, &content(path)?)?;
    let mut store = RootCertStore::empty();
    let mut why = None;
    for certificate in &certificates {
        why = store.add(certificate.clone()).err().or(why);
    }
    match (store.is_empty(), why) {
        (true, Some(why)) => Err(TlsError::Unusable {
            path: path.to_owned(),
            why: format!("no certificate in the file can be read: {why}"),
        }),
        _ => Ok(certificates.iter().map(owned).collect()),
    }
}

/// The certificate in a file with the key in another, or in the same.
pub(super) fn client(
    certificate: &Path,
    key: &Path,
    provider: &CryptoProvider,
) -> Result<ClientCert, TlsError> {
    let chain = certificates(certificate, &content(certificate)?)?;
    let content = content(key)?;
    let no_key = |_| TlsError::NoKey {
        path: key.to_owned(),
    };
    let for_check = PrivateKeyDer::from_pem_slice(&content).map_err(no_key)?;
    CertifiedKey::from_der(chain.clone(), for_check, provider).map_err(|error| {
        let (path, why) = match error {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                let certificate = certificate.display();
                let why = format!("the key is not that of the certificate in {certificate}");
                (key, why)
            }
            // The one kind of error about the certificate.
            Error::InvalidCertificate(error) => (
                certificate,
                format!("the certificate can't be read: {error}"),
            ),
            error => (key, format!("the key can't be used: {error}")),
        };
        TlsError::Unusable {
            path: path.to_owned(),
            why,
        }
    })?;
    let key = PrivateKey::from_pem(&content).map_err(|_| TlsError::NoKey {
        path: key.to_owned(),
    })?;
    let chain: Vec<_> = chain.iter().map(owned).collect();
    Ok(ClientCert::new_with_certs(&chain, key))
}

fn content(path: &Path) -> Result<Vec<u8>, TlsError> {
    read_file(path, MAX_FILE_BYTES, NamedBy::Person).map_err(|error| TlsError::Unreadable {
        path: path.to_owned(),
        why: error.to_string(),
    })
}

/// At least one.
fn certificates(path: &Path, content: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let all = CertificateDer::pem_slice_iter(content).collect::<Result<Vec<_>, _>>();
    match all {
        Ok(all) if !all.is_empty() => Ok(all),
        Ok(_) => Err(TlsError::NoCertificate {
            path: path.to_owned(),
        }),
        Err(error) => Err(TlsError::Unusable {
            path: path.to_owned(),
            why: format!("the file is not PEM: {error}"),
        }),
    }
}

fn owned(certificate: &CertificateDer<'_>) -> Certificate<'static> {
    Certificate::from_der(certificate).to_owned()
}
