//! The page, for whoever has its address.

use super::{
    answer::{Answer, with},
    connections::Server,
    stream,
};
use crate::{document::Language, live::page};
use http::{Method, Request};
use hyper::body;

/// Shows the page, a snapshot of it without a script, its stream or the view as JSON.
pub(super) fn look(server: &Server, request: &Request<body::Incoming>) -> Answer {
    let nothing = || {
        let text = "open the address that `cargo slo dev` printed\n";
        with(404, "text/plain; charset=utf-8", text)
    };
    let Some(rest) = server.access.admitted(request.uri().path()) else {
        return nothing();
    };
    if request.method() != Method::GET {
        return with(405, "text/plain; charset=utf-8", "only GET\n");
    }
    let query = request.uri().query().unwrap_or_default();
    let language = match query.split('&').any(|pair| pair == "lang=ja") {
        true => Language::Japanese,
        false => Language::English,
    };
    let html = |page: String| with(200, "text/html; charset=utf-8", page);
    match rest {
        "" => {
            let tag = if language == Language::Japanese {
                "ja"
            } else {
                "en"
            };
            let stream = server.access.path(&format!("stream?lang={tag}"));
            html(page::page(&server.state.view(), language, Some(&stream)))
        }
        "snapshot" => html(page::page(&server.state.view(), language, None)),
        "stream" => stream::stream(server, language),
        "view.json" => match serde_json::to_vec(&server.state.view()) {
            Ok(json) => with(200, "application/json", json),
            Err(_) => nothing(),
        },
        _ => nothing(),
    }
}
