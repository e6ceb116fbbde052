//! What callers of the payments service have in common.

use crate::shop::payments_client::PaymentsClient;
use shop_process::Saw;
use std::error::Error;
use tonic::{
    Status,
    transport::{Channel, Endpoint, Error as TransportError},
};

/// The name of the service in trails.
pub const NAME: &str = "payments";

/// A client of the service at this address, which is connected to when it is first called.
///
/// # Errors
/// If the address is none.
pub fn connect(url: String) -> Result<PaymentsClient<Channel>, TransportError> {
    Ok(PaymentsClient::new(
        Endpoint::try_from(url)?.tcp_nodelay(true).connect_lazy(),
    ))
}

/// What a caller saw of the service that gave it this status.
pub fn saw(status: &Status) -> Saw {
    // A status that the service sent has no cause on this side.
    match status.source() {
        None => Saw::Status(
            i32::from(status.code())
                .unsigned_abs()
                .try_into()
                .unwrap_or(2),
        ),
        Some(_) => Saw::Broken,
    }
}
