//! What a request is called.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

/// The name of a request on its way through the services: a number, in the header
/// [`RequestId::HEADER`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(u64);

impl RequestId {
    /// The header and the gRPC metadata that carry it.
    pub const HEADER: &str = "x-request-id";

    /// The request of this number.
    pub const fn new(number: u64) -> RequestId {
        RequestId(number)
    }

    /// The request that a header names; one that was not named yet gets a number no client
    /// is likely to choose.
    pub fn from_header(header: Option<&[u8]>) -> RequestId {
        static NEXT: AtomicU64 = AtomicU64::new(1 << 63);
        let named = header.and_then(|value| str::from_utf8(value).ok()?.parse().ok());
        RequestId(named.unwrap_or_else(|| NEXT.fetch_add(1, Relaxed)))
    }

    /// Its number.
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_or_made_up() {
        assert_eq!(RequestId::from_header(Some(b"12")), RequestId::new(12));
        assert_ne!(
            RequestId::from_header(None),
            RequestId::from_header(Some(b"twelve"))
        );
    }
}
