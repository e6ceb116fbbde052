//! What is around the main part, and stays when that is replaced.

use super::{
    content,
    words::{Context, fill},
};
use crate::{GENERATOR, document::Language, live::view::View, text::html::Writer};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

static POLICY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "default-src 'none'; style-src {}; img-src data:; base-uri 'none'; form-action 'none'",
        source(STYLE)
    )
});
static LIVE_POLICY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{}; script-src {}; connect-src 'self'",
        *POLICY,
        source(SCRIPT)
    )
});

/// Its own style, its own script if it is live, and nothing else. Who may frame it, a page can't
/// say of itself: its server does.
fn policy(is_live: bool) -> &'static str {
    if is_live { &LIVE_POLICY } else { &POLICY }
}

/// An inline style or script, as a policy allows it.
fn source(text: &str) -> String {
    let hash = Sha256::digest(text);
    format!("'sha256-{}'", BASE64_STANDARD.encode(hash))
}

/// Returns the whole page, which shows `view` without any script; with `stream`, the address of
/// server-sent events that are its [main part](super::main) each, it stays up to date.
pub fn page(view: &View, language: Language, stream: Option<&str>) -> String {
    let cx = Context::new(view, language);
    let mut w = Writer::default();
    w.own("<!doctype html>\n");
    w.block("html", &[("lang", cx.texts.tag)], |w| {
        w.own("\n");
        w.block("head", &[], |w| head(w, cx, stream.is_some()));
        let body = stream.map(|stream| ("data-stream", stream));
        w.block("body", body.as_slice(), |w| self::body(w, cx, stream));
    });
    w.finish()
}

fn head(w: &mut Writer, cx: Context<'_>, is_live: bool) {
    w.own("\n<meta charset=\"utf-8\">\n");
    for (name, content) in [
        ("viewport", "width=device-width, initial-scale=1"),
        ("generator", GENERATOR),
        ("color-scheme", "light dark"),
        ("referrer", "no-referrer"),
    ] {
        w.void("meta", &[("name", name), ("content", content)]);
        w.own("\n");
    }
    let policy = [
        ("http-equiv", "Content-Security-Policy"),
        ("content", policy(is_live)),
    ];
    w.void("meta", &policy);
    w.own("\n");
    if is_live {
        w.own("<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>\n");
    }
    // Browsers would ask for one.
    w.void("link", &[("rel", "icon"), ("href", "data:,")]);
    w.own("\n");
    w.element("title", &[], |w| {
        if let [service] = &*cx.view.services {
            w.text(&super::words::cut(&service.name));
            w.own(" · ");
        }
        w.own("cargo slo dev");
    });
    w.own("\n");
    w.element("style", &[], |w| w.own(STYLE));
    w.own("\n");
}

fn body(w: &mut Writer, cx: Context<'_>, stream: Option<&str>) {
    let frame = &cx.texts.frame;
    w.own("\n");
    w.told("a", &[("class", "skip"), ("href", "#content")], frame.skip);
    w.own("\n");
    w.block("header", &[], |w| {
        w.own("<h1>cargo slo dev</h1>");
        w.element("p", &[("class", "status")], |w| {
            let words = [
                ("id", "status"),
                ("data-live", frame.live),
                ("data-paused", frame.paused),
                ("data-lost", frame.lost),
            ];
            w.told("span", &words, frame.snapshot);
            if stream.is_some() {
                let other = [
                    ("href", frame.other_query),
                    ("hreflang", frame.other_tag),
                    ("lang", frame.other_tag),
                ];
                w.told("a", &other, frame.other);
                let words = [
                    ("id", "pause"),
                    ("type", "button"),
                    ("data-resume", frame.resume),
                    ("data-copied", frame.copied),
                    ("hidden", ""),
                ];
                w.told("button", &words, frame.pause);
            }
        });
    });
    content::write(w, cx);
    let announcements = [
        ("id", "announcements"),
        ("class", "unseen"),
        ("role", "status"),
    ];
    w.block("div", &announcements, |_| {});
    w.block("footer", &[], |w| {
        w.element("p", &[], |w| fill(w, frame.footer, &[]));
    });
    if stream.is_some() {
        w.block("script", &[], |w| w.own(SCRIPT));
    }
}
