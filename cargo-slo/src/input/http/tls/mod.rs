//! TLS: whom an `https://` address is believed, and who asks.
//!
//! - [`TlsFiles`] are the files that a person names, [`TlsError`] says what is wrong with one.
//! - [`Tls`] is what a client takes from them. `pem` reads them; `absent` stands for it in a build
//!   without the feature `tls`.
//! - `handshake` says why there is no connection, and what to do.

#[cfg(not(feature = "tls"))]
mod absent;
mod error;
mod files;
#[cfg(feature = "tls")]
mod handshake;
#[cfg(feature = "tls")]
mod pem;
#[cfg(feature = "tls")]
mod settings;

#[cfg(not(feature = "tls"))]
pub use absent::Tls;
#[cfg(not(feature = "tls"))]
pub(super) use absent::explain;
pub use error::TlsError;
pub use files::TlsFiles;
#[cfg(feature = "tls")]
pub(super) use handshake::explain;
#[cfg(feature = "tls")]
pub use settings::Tls;
