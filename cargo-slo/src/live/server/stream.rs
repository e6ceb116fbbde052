//! The main part of the page, again each second, as server-sent events.

use super::{
    answer::{self, Answer},
    connections::Server,
};
use crate::{document::Language, live::page};
use bytes::Bytes;
use http_body::{Body, Frame};
use http_body_util::BodyExt;
use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::sync::mpsc::{Receiver, channel};

/// What a task sends, as a body.
struct Sent(Receiver<Bytes>);

impl Body for Sent {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let polled = self.0.poll_recv(context);
        polled.map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}

/// Sends until whoever looks goes away. One event at most waits for a slow reader.
pub(super) fn stream(server: &Server, language: Language) -> Answer {
    let (sender, receiver) = channel(1);
    let mut ticks = server.ticks.clone();
    let state = Arc::clone(&server.state);
    tokio::spawn(async move {
        loop {
            let main = page::main(&state.view(), language);
            if sender.send(event(&main)).await.is_err() || ticks.changed().await.is_err() {
                return;
            }
        }
    });
    answer::stream(Sent(receiver).boxed_unsync())
}

/// A text as an event: each of its lines is one of the event.
fn event(text: &str) -> Bytes {
    let mut event = String::with_capacity(text.len() + 100);
    for line in text.split(['\n', '\r']) {
        event.push_str("data: ");
        event.push_str(line);
        event.push('\n');
    }
    event.push('\n');
    event.into()
}
