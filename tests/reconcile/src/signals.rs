//! How a handler that hangs tells its client that it may leave now.
//!
//! Server and client are one process, so it takes no guessing with sleeps: the number of a
//! request travels in a header, and whoever waits for that number is woken.

use http::HeaderMap;
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};
use tokio::sync::oneshot::{Receiver, Sender, channel};

/// The header that carries the number of a request.
pub(crate) const NUMBER: &str = "x-number";

static WAITING: Mutex<BTreeMap<u64, Sender<()>>> = Mutex::new(BTreeMap::new());

/// For the client, before it sends: is done when the handler of that request tells.
pub(crate) fn expect(number: u64) -> Receiver<()> {
    let (sender, receiver) = channel();
    let mut waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
    waiting.insert(number, sender);
    receiver
}

/// For the handler: the request with these headers has come so far.
pub(crate) fn tell(headers: &HeaderMap) {
    let number = headers
        .get(NUMBER)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let Some(number) = number else { return };
    let mut waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(sender) = waiting.remove(&number) {
        // A client that is gone already failed and has said so.
        let _ = sender.send(());
    }
}
