//! What is wrong with a file for TLS.

use crate::diagnostics::Diagnostic;
use std::{fmt, path::PathBuf};

/// Why there is no TLS: a file is not what it should be, or this build has none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsError {
    /// A file can't be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// No certificate is in a file.
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// No private key is in a file.
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// The certificate or the key in a file is not one, or they don't belong together.
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// A file that an environment variable names is wrong.
    OfVariable(&'static str, Box<TlsError>),
    /// This build has no TLS.
    NotBuiltIn,
}

impl TlsError {
    /// Returns the error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        let told = Diagnostic::error(self.to_string());
        if let TlsError::OfVariable(variable, error) = self {
            let note = format!("the environment variable {variable} names it");
            return error.diagnostic().with_note(note);
        }
        let told = match self {
            TlsError::Unreadable { path, .. }
            | TlsError::NoCertificate { path }
            | TlsError::NoKey { path }
            | TlsError::Unusable { path, .. } => told.at(path),
            TlsError::OfVariable(..) | TlsError::NotBuiltIn => told,
        };
        match self.help() {
            "" => told,
            help => told.with_help(help),
        }
    }

    /// What to do; empty where the error says it all.
    pub(in crate::input::http) fn help(&self) -> &'static str {
        match self {
            TlsError::Unreadable { .. } => "",
            TlsError::OfVariable(_, error) => error.help(),
            TlsError::NoCertificate { .. } => {
                "one begins with `-----BEGIN CERTIFICATE-----`; `openssl x509 -inform der -in FILE` writes \
                 that of a file in DER"
            }
            TlsError::NoKey { .. } => {
                "`--client-key FILE` names it; one with a password is not read: `openssl pkey -in FILE` \
                 writes it without"
            }
            TlsError::Unusable { .. } => {
                "`openssl x509 -text -in FILE` shows a certificate, `openssl pkey -pubout -in FILE` the \
                 public half of a key"
            }
            TlsError::NotBuiltIn => {
                "install one with the feature `tls`, which is on by default: `cargo install cargo-slo`; it \
                 needs a C compiler"
            }
        }
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TlsError::Unreadable { why, .. } => write!(f, "can't read the file: {why}"),
            TlsError::NoCertificate { .. } => f.write_str("the file holds no certificate in PEM"),
            TlsError::NoKey { .. } => f.write_str("the file holds no private key in PEM"),
            TlsError::Unusable { why, .. } => f.write_str(why),
            TlsError::OfVariable(variable, error) => write!(f, "{error} ({variable})"),
            TlsError::NotBuiltIn => f.write_str("this build knows no https"),
        }
    }
}

impl std::error::Error for TlsError {}
