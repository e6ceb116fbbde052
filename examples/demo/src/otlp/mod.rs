//! What arrives over OTLP: [`Receiver`] is the server, [`Export`] one export as it was
//! received, [`Received`] all that is known from them.

mod export;
mod received;
mod receiver;

pub(crate) use export::{Export, whole};
pub(crate) use received::Received;
pub(crate) use receiver::Receiver;
