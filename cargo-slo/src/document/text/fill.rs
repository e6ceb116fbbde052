//! Texts with places that are filled in.

pub(in crate::document) use crate::text::Counted;
use crate::{
    document::model::{Line, Span},
    text::{Piece, pieces},
};

/// The text with a line in the place of each name; a name without a line stays.
pub(in crate::document) fn fill(text: &'static str, lines: &[(&str, Line)]) -> Line {
    let mut filled = Line::default();
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => filled.0.push(Span::Text(text.into())),
            Piece::Code(code) => filled.0.push(Span::Code(code.to_owned())),
            Piece::Placeholder(name) => match lines.iter().find(|(known, _)| *known == name) {
                Some((_, line)) => filled = filled.and(line.clone()),
                None => filled.0.push(Span::Text(format!("{{{name}}}").into())),
            },
        }
    }
    filled
}

/// A text with names or commands in backticks, and nothing to be filled in.
pub(in crate::document) fn marked(text: &str) -> Line {
    let parts = text
        .split('`')
        .enumerate()
        .filter(|(_, part)| !part.is_empty());
    let spans = parts.map(|(place, part)| match place % 2 {
        0 => Span::Text(part.to_owned().into()),
        _ => Span::Code(part.to_owned()),
    });
    Line(spans.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Language, text::lint::texts};
    use std::collections::BTreeSet;

    #[test]
    fn places_are_filled_and_nothing_is_looked_for_in_them() {
        let line = fill(
            "of `a b` {n} and {other}",
            &[("n", Line::said("{other} `x`"))],
        );
        assert_eq!(
            line.0,
            [
                Span::Text("of ".into()),
                Span::Code("a b".into()),
                Span::Text(" ".into()),
                Span::Quoted("{other} `x`".into()),
                Span::Text(" and ".into()),
                Span::Text("{other}".into()),
            ]
        );
        assert_eq!(fill("an open { brace", &[]), Line::text("an open { brace"));
    }

    /// Both tables as they are written for debugging: the same fields in the same order, so text
    /// by text.
    #[test]
    fn languages_have_the_same_places() {
        let places = |text: &str| -> BTreeSet<String> {
            let opened = text.split('{').skip(1);
            opened
                .filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()))
                .collect()
        };
        let (en, ja) = (texts(Language::English), texts(Language::Japanese));
        assert_eq!(en.len(), ja.len());
        assert!(en.len() > 150, "{}", en.len());
        let mut differing = 0;
        for (en, ja) in en.iter().zip(&ja) {
            // How a day is written is for each language to say.
            if !ja.contains("{year}") {
                assert_eq!(places(en), places(ja), "{en} / {ja}");
            }
            differing += usize::from(en != ja);
        }
        assert!(differing > 140, "{differing}");
    }
}
