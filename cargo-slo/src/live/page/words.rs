//! Texts with what is filled into them.

use super::{
    numbers,
    text::{self, Texts},
};
use crate::{
    document::Language,
    live::view::View,
    text::{Piece, hash, html::Writer, pieces},
};
use std::{borrow::Cow, time::Duration};

/// What every part of the page needs to know.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) view: &'a View,
    pub(super) texts: &'static Texts,
    pub(super) language: Language,
}

impl<'a> Context<'a> {
    pub(super) fn new(view: &'a View, language: Language) -> Context<'a> {
        let texts = text::of(language);
        Context {
            view,
            texts,
            language,
        }
    }

    /// The length of time that stands for an SLO's window.
    pub(super) fn window(&self) -> String {
        self.language.duration(self.view.scale.window)
    }

    /// A number of seconds, `None` unless it is one.
    pub(super) fn seconds(&self, seconds: f64) -> Option<String> {
        let duration = Duration::try_from_secs_f64(seconds).ok()?;
        Some(self.language.duration(numbers::rounded(duration)))
    }

    /// How long before the view a moment was, in whole seconds.
    pub(super) fn age(&self, at: u64) -> String {
        let seconds = self.view.at.saturating_sub(at) / 1000;
        let age = self.language.duration(Duration::from_secs(seconds));
        self.texts.frame.ago.replace("{age}", &age)
    }
}

/// What stands in the place of a name in a text.
pub(super) enum Part<'a> {
    /// A number or a word of this program.
    Word(Cow<'a, str>),
    /// What somebody else named.
    Name(&'a str),
    /// What is written like this in code.
    Code(&'a str),
    /// Several of these, with spaces between them.
    Names(&'a [String]),
    /// A moment in milliseconds since 1970.
    Time(u64),
}

impl Part<'_> {
    pub(super) fn word(word: String) -> Part<'static> {
        Part::Word(Cow::Owned(word))
    }

    /// Without marks.
    fn plain(&self) -> Cow<'_, str> {
        match self {
            Part::Word(word) => Cow::Borrowed(word),
            Part::Name(text) | Part::Code(text) => cut(text),
            Part::Names(texts) => Cow::Owned(texts.join(" ")),
            Part::Time(at) => Cow::Owned(numbers::utc(*at).1),
        }
    }

    fn write(&self, w: &mut Writer) {
        match self {
            Part::Word(word) => w.text(word),
            Part::Name(text) => name(w, text),
            Part::Code(text) => code(w, text),
            Part::Names(texts) => {
                for (place, text) in texts.iter().enumerate() {
                    if place > 0 {
                        w.own(" ");
                    }
                    code(w, text);
                }
            }
            Part::Time(at) => time(w, *at),
        }
    }
}

/// Writes a text of the tables, with names and commands in backticks, and a part in the place of
/// each name in braces.
pub(super) fn fill(w: &mut Writer, text: &'static str, parts: &[(&str, Part<'_>)]) {
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => w.text(text),
            Piece::Code(text) => code(w, text),
            Piece::Placeholder(name) => {
                if let Some((_, part)) = parts.iter().find(|(known, _)| *known == name) {
                    part.write(w);
                }
            }
        }
    }
}

/// The same without marks, and with the backticks.
pub(super) fn plain(text: &'static str, parts: &[(&str, Part<'_>)]) -> String {
    let mut plain = String::new();
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => plain.push_str(text),
            Piece::Code(text) => {
                plain.push('`');
                plain.push_str(text);
                plain.push('`');
            }
            Piece::Placeholder(name) => {
                if let Some((_, part)) = parts.iter().find(|(known, _)| *known == name) {
                    plain.push_str(&part.plain());
                }
            }
        }
    }
    plain
}

/// An element with such a text.
pub(super) fn told(
    w: &mut Writer,
    element: &'static str,
    class: &'static str,
    text: &'static str,
    parts: &[(&str, Part<'_>)],
) {
    w.element(element, &classes(class), |w| fill(w, text, parts));
}

/// The attribute `class`, unless there is none.
pub(super) fn classes(class: &'static str) -> Vec<(&'static str, &'static str)> {
    match class {
        "" => Vec::new(),
        class => vec![("class", class)],
    }
}

/// Names longer than this are cut: nobody reads on, and the page has to stay small.
const MAX_CHARACTERS: usize = 240;

/// What somebody else wrote, cut where it is too long to be read.
pub(super) fn cut(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_CHARACTERS) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
    }
}

/// What somebody else wrote; its direction is its own.
pub(super) fn name(w: &mut Writer, text: &str) {
    w.told("bdi", &[], &cut(text));
}

/// What is written like this in code.
pub(super) fn code(w: &mut Writer, text: &str) {
    w.told("code", &[], &cut(text));
}

/// A moment of a day in UTC.
pub(super) fn time(w: &mut Writer, at: u64) {
    let (date, time) = numbers::utc(at);
    let machine = format!("{date}T{time}Z");
    w.told("time", &[("datetime", &machine)], &time);
}

/// How long ago a moment was.
pub(super) fn age(w: &mut Writer, cx: Context<'_>, at: u64) {
    let (date, time) = numbers::utc(at);
    let machine = format!("{date}T{time}Z");
    w.told("time", &[("datetime", &machine)], &cx.age(at));
}

/// Lines to be copied, whole, with a button that needs the script.
pub(super) fn copied(w: &mut Writer, cx: Context<'_>, lines: &str, what: &str) {
    let frame = &cx.texts.frame;
    w.element("div", &[("class", "copied")], |w| {
        w.element("pre", &[], |w| w.told("code", &[], lines));
        let label = frame.copy_what.replace("{what}", &cut(what));
        let attributes = [
            ("type", "button"),
            ("class", "copy"),
            ("aria-label", &label),
        ];
        w.told("button", &attributes, frame.copy);
    });
}

/// The name of a place on the page: the same for the same names, and for no others.
pub(super) fn anchor(kind: &'static str, names: &[&str]) -> String {
    const MAX_BYTES: usize = 120;
    let mut anchor = kind.to_owned();
    for name in names {
        anchor.push('.');
        for c in name.chars() {
            match c {
                'a'..='z' | 'A'..='Z' | '0'..='9' | '-' => anchor.push(c),
                c => anchor.push_str(&format!("_{:x}_", u32::from(c))),
            }
        }
    }
    match anchor.len() {
        ..=MAX_BYTES => anchor,
        _ => format!("{kind}.{:016x}", hash::fnv1a(anchor.as_bytes())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_filled_in_and_not_looked_through() {
        let mut w = Writer::default();
        let parts = [("n", Part::Name("{m} `x` <b>")), ("m", Part::Time(0))];
        fill(&mut w, "of `a b` {n} at {m}, {unknown}.", &parts);
        assert_eq!(
            w.finish(),
            "of <code>a b</code> <bdi>{m} `x` &lt;b&gt;</bdi> at \
             <time datetime=\"1970-01-01T00:00:00Z\">00:00:00</time>, ."
        );
    }

    #[test]
    fn anchors_tell_names_apart() {
        assert_eq!(anchor("step", &["shop", "buy/it"]), "step.shop.buy_2f_it");
        let long = "x".repeat(300);
        let anchors = [
            anchor("step", &["a.b", "c"]),
            anchor("step", &["a", "b.c"]),
            anchor("step", &["a", "b", "c"]),
            anchor("step", &["a_2e_b", "c"]),
            anchor("step", &[&long]),
            anchor("step", &[&long, "y"]),
        ];
        let distinct: std::collections::BTreeSet<_> = anchors.iter().collect();
        assert_eq!(distinct.len(), anchors.len(), "{anchors:?}");
        assert!(anchors.iter().all(|anchor| anchor.len() < 130));
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        let long = "可".repeat(MAX_CHARACTERS + 1);
        assert_eq!(cut(&long).chars().count(), MAX_CHARACTERS + 1);
        assert!(cut(&long).ends_with('…'));
        assert_eq!(cut("short"), "short");
    }
}
