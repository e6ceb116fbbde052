//! What changes in the main part of the page each second, as server-sent events.

use super::{
    answer::{self, Answer},
    connections::Server,
    patch::patch,
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
        let mut shown = None;
        loop {
            let main = page::main(&state.view(), language);
            if shown.as_ref() != Some(&main) {
                let event = event(&patch(shown.as_deref(), &main));
                if sender.send(event).await.is_err() {
                    return;
                }
                shown = Some(main);
            }
            tokio::select! {
                changed = ticks.changed() => if changed.is_err() { return },
                () = sender.closed() => return,
            }
        }
    });
    answer::stream(Sent(receiver).boxed_unsync())
}

/// A patch as an event. It has no line breaks: JSON escapes them.
fn event(patch: &str) -> Bytes {
    format!("data: {patch}\n\n").into()
}
