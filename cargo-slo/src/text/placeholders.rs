//! Texts with placeholders: names in braces stand for what is filled in, backticks hold names and
//! commands.

/// A piece of such a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'t> {
    /// As it is.
    Text(&'t str),
    /// What stood in backticks.
    Code(&'t str),
    /// The name that stood in braces.
    Placeholder(&'t str),
}

/// Returns the pieces of a text, in their order. A brace or a backtick that nothing closes is a
/// text with all that follows.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Some((start, end)) = marked(rest) else {
            return Some(Piece::Text(std::mem::take(&mut rest)));
        };
        if start > 0 {
            let (before, marked) = rest.split_at(start);
            rest = marked;
            return Some(Piece::Text(before));
        }
        let (marked, after) = (&rest[..=end], &rest[end + 1..]);
        let inner = &marked[1..end];
        rest = after;
        Some(match marked.starts_with('{') {
            true => Piece::Placeholder(inner),
            false => Piece::Code(inner),
        })
    })
}

/// Where the first mark that is closed begins and ends.
fn marked(text: &str) -> Option<(usize, usize)> {
    let start = text.find(['{', '`'])?;
    let close = match text[start..].starts_with('{') {
        true => '}',
        false => '`',
    };
    let length = text[start + 1..].find(close)?;
    Some((start, start + 1 + length))
}

#[cfg(test)]
mod tests {
    use super::{
        Piece::{Code, Placeholder, Text},
        *,
    };

    #[test]
    fn pieces_are_texts_names_and_code() {
        for (text, expected) in [
            (
                "of `a {b}` {n}.",
                vec![
                    Text("of "),
                    Code("a {b}"),
                    Text(" "),
                    Placeholder("n"),
                    Text("."),
                ],
            ),
            ("{a}{b}", vec![Placeholder("a"), Placeholder("b")]),
            ("{}``", vec![Placeholder(""), Code("")]),
            ("可{n}件", vec![Text("可"), Placeholder("n"), Text("件")]),
            ("an open { brace", vec![Text("an open { brace")]),
            ("", vec![]),
        ] {
            assert_eq!(pieces(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
