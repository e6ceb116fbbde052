//! What a system answers.

use super::{AskError, Client, error::is_hang_up, gzip};
use crate::input::read_at_most;
use serde_json::Value;
use std::{
    fmt,
    io::{self, Read},
};
use ureq::http::{Response, StatusCode, header::CONTENT_ENCODING};

/// What is read of a refusal, in bytes.
const MAX_REFUSAL_BYTES: u64 = 64 << 10;

/// Longest explanation of an error that is told, in characters.
const MAX_TOLD: usize = 500;

/// Longest line of plain text that is told, in bytes.
const MAX_LINE_BYTES: usize = 200;

/// How a system begins to answer.
pub(crate) struct Answer<'c> {
    pub(super) client: &'c Client,
    pub(super) url: String,
    pub(super) response: Response<ureq::Body>,
}

impl Answer<'_> {
    /// Its status.
    pub(crate) fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The rest of it, at most this many bytes, as they are sent and once they are not compressed.
    pub(crate) fn body(self, max_bytes: u64) -> Box<dyn Read> {
        let encoding = self.response.headers().get(CONTENT_ENCODING);
        let is_gzip = encoding.is_some_and(|encoding| encoding.as_bytes() == b"gzip");
        let body = self.response.into_body().into_with_config();
        let body = Whole(body.limit(max_bytes).reader());
        match is_gzip {
            true => Box::new(gzip::inflated(body, max_bytes)),
            false => Box::new(body),
        }
    }

    /// The error that it is not what the system would answer.
    pub(crate) fn unreadable(&self) -> impl Fn(&dyn fmt::Display) -> AskError + use<> {
        let (system, url) = (self.client.system(), self.url.clone());
        move |error| AskError {
            system,
            url: url.clone(),
            what: format!("the response is not {}: {error}", system.answer),
            help: system.root.to_owned(),
        }
    }

    /// Returns the refusal as an error, and what its body says.
    pub(crate) fn refusal(self) -> (AskError, String) {
        let (client, url, status) = (self.client, self.url.clone(), self.status());
        let mut body = Vec::new();
        // What arrives of it is enough.
        let _ = read_at_most(self.body(MAX_REFUSAL_BYTES), MAX_REFUSAL_BYTES, &mut body);
        let body = String::from_utf8_lossy(&body).into_owned();
        let system = client.system();
        let told = explanation(&body).map(|told| client.headers().redacted(&told));
        let help = match (status, &told) {
            (status, _) if status.is_redirection() => {
                "it is not followed to another address: write the one that it leads to; a login page \
                 means that it asks who you are"
            }
            (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, _) => system.sign_in,
            (StatusCode::BAD_REQUEST, None) if body.contains("HTTPS") => {
                "it speaks TLS at that port: write `https://`"
            }
            (StatusCode::TOO_MANY_REQUESTS, _) => "it is asked too often: ask again later",
            (status, _) if status.is_server_error() => {
                "it fails, or what stands before it: ask again later"
            }
            (_, None) => system.root,
            // It says itself what is wrong.
            (_, Some(_)) => "",
        };
        let error = AskError {
            system,
            url,
            what: match told.or_else(|| Some(client.headers().redacted(line(&body)?))) {
                Some(told) => format!("it answers {status}: {told}"),
                None => format!("it answers {status}"),
            },
            help: help.to_owned(),
        };
        (error, body)
    }
}

/// A body that ends as it was said to, or not at all.
struct Whole<R>(R);

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            kind if is_hang_up(kind) => io::Error::new(kind, "it was cut off"),
            _ => error,
        })
    }
}

/// The body of a refusal, where it is a line of plain text: Mimir says `no org id`.
fn line(body: &str) -> Option<&str> {
    let line = body.trim();
    let is_line = !line.is_empty()
        && line.len() <= MAX_LINE_BYTES
        && !line.starts_with(['<', '{', '['])
        && !line.contains(char::is_control);
    is_line.then_some(line)
}

/// What the body of a refusal says, in the shapes that such bodies have.
fn explanation(body: &str) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let list = |value: &Value| {
        let texts = value.as_array()?.iter().filter_map(Value::as_str);
        Some(texts.collect::<Vec<_>>().join(", "))
    };
    let told = text(&body["error"])
        .or_else(|| text(&body["message"]))
        .or_else(|| list(&body["errors"]))
        .filter(|told| !told.is_empty())?;
    Some(match told.char_indices().nth(MAX_TOLD) {
        Some((at, _)) => format!("{}…", &told[..at]),
        None => told,
    })
}
