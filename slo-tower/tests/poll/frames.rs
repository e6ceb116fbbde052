//! A body that is a list of what happens when it is polled.

use axum::{BoxError, body::Bytes};
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use slo_sdk::Mark;
use std::{
    cell::Cell,
    pin::Pin,
    task::{Context, Poll},
};

/// What happens next.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Piece {
    Data(&'static [u8]),
    Trailers(&'static [(&'static str, &'static str)]),
    /// Nothing is there yet.
    Pause,
    /// The code that produces the body marks its event.
    Mark(Mark),
    Error,
    Panic,
}

/// What the body knows of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Knows {
    Nothing,
    /// That there are no more frames.
    ItsEnd,
    /// That there are no more frames, but not as soon as the last was taken: over HTTP/2 the end
    /// may come on its own.
    ItsEndLater,
    /// How long it is.
    ItsSize,
}

#[derive(Debug)]
pub(crate) struct Frames {
    rest: &'static [Piece],
    knows: Knows,
    /// True once somebody asked for the end in vain, when there was nothing left.
    asked: Cell<bool>,
}

impl Frames {
    pub(crate) fn new(pieces: &'static [Piece], knows: Knows) -> Frames {
        Frames {
            rest: pieces,
            knows,
            asked: Cell::new(false),
        }
    }
}

/// The number of frames that a server gets to see.
pub(crate) fn count(pieces: &[Piece]) -> usize {
    let is_frame = |piece: &&Piece| matches!(piece, Piece::Data(_) | Piece::Trailers(_));
    pieces.iter().filter(is_frame).count()
}

impl Body for Frames {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        while let Some((next, rest)) = self.rest.split_first() {
            self.rest = rest;
            return Poll::Ready(Some(match next {
                Piece::Data(bytes) => Ok(Frame::data(Bytes::from_static(bytes))),
                Piece::Trailers(fields) => Ok(Frame::trailers(trailers(fields))),
                Piece::Error => Err("the body broke off".into()),
                Piece::Panic => panic_quietly(),
                Piece::Pause => {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Piece::Mark(said) => {
                    assert!(mark(*said), "a body is polled within its event");
                    continue;
                }
            }));
        }
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        match self.knows {
            _ if !self.rest.is_empty() => false,
            Knows::ItsEnd => true,
            Knows::ItsEndLater => self.asked.replace(true),
            Knows::Nothing | Knows::ItsSize => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        let sizes = self.rest.iter().map(|piece| match piece {
            Piece::Data(bytes) => bytes.len() as u64,
            _ => 0,
        });
        match self.knows {
            Knows::ItsSize => SizeHint::with_exact(sizes.sum()),
            Knows::Nothing | Knows::ItsEnd | Knows::ItsEndLater => SizeHint::default(),
        }
    }
}

/// Panics without a word on the terminal: it is meant.
pub(crate) fn panic_quietly() -> ! {
    std::panic::resume_unwind(Box::new("on purpose"))
}

/// Marks the current event; false where there is none.
pub(crate) fn mark(mark: Mark) -> bool {
    let current = slo_sdk::current();
    match mark {
        Mark::Good => current.good(),
        Mark::Bad => current.bad("on purpose"),
        Mark::Excluded => current.exclude(),
    }
}

fn trailers(fields: &[(&'static str, &'static str)]) -> HeaderMap {
    let parse = |text: &str| text.parse().expect("a value");
    fields
        .iter()
        .map(|(name, value)| (http::HeaderName::from_static(name), parse(value)))
        .collect()
}
