//! The files that a person names.

use std::path::PathBuf;

/// The files that a person names for `https://` addresses, all in PEM.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsFiles {
    /// Certificates of the authorities that are trusted, and no others. `None` for those of the
    /// operating system, or of the file that the environment variable `SSL_CERT_FILE` names.
    pub authorities: Option<PathBuf>,
    /// The certificate that is shown to servers that ask for one, with those that lead to its
    /// authority.
    pub certificate: Option<PathBuf>,
    /// Its private key; `None` if that is in the same file.
    pub key: Option<PathBuf>,
}
