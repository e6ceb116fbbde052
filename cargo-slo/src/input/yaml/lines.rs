//! The lines of a file, to show places of it.

use crate::diagnostics::Location;

/// A longer line is named and not shown: generated files may be a single one.
const LONGEST_SHOWN: usize = 1000;

/// A text and where its lines start.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    file: &'t str,
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(file: &'t str, text: &'t str) -> Lines<'t> {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Lines {
            file,
            text,
            starts: std::iter::once(0).chain(ends).collect(),
        }
    }

    /// The file as a whole.
    pub(crate) fn file(&self) -> Location {
        Location::file(self.file)
    }

    /// A place: its line and column, both counted from 1, and how many characters it has.
    pub(crate) fn location(&self, line: usize, column: usize, length: usize) -> Location {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let shown = self.line(line).filter(|shown| shown.len() <= LONGEST_SHOWN);
        let rest = shown.map(|shown| shown.chars().count().saturating_sub(column - 1));
        Location {
            line: Some(count(line)),
            column: Some(count(column)),
            // Of several lines the first.
            length: Some(count(length.min(rest.unwrap_or(length)).max(1))),
            excerpt: shown.map(str::to_owned),
            ..self.file()
        }
    }

    /// The text of a line, counted from 1.
    fn line(&self, line: usize) -> Option<&'t str> {
        let start = *self.starts.get(line.checked_sub(1)?)?;
        let end = self.starts.get(line).copied().unwrap_or(self.text.len());
        Some(self.text[start..end].trim_end_matches(['\r', '\n']))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_lines() {
        let long = "x".repeat(5000);
        let text = format!("a: 1\r\nbé: 2\n{long}");
        let lines = Lines::new("f", &text);
        let place = lines.location(2, 2, 99);
        assert_eq!(
            (place.line, place.column, place.length),
            (Some(2), Some(2), Some(4))
        );
        assert_eq!(place.excerpt.as_deref(), Some("bé: 2"));
        assert_eq!(lines.location(1, 1, 1).excerpt.as_deref(), Some("a: 1"));
        assert_eq!(lines.location(3, 4000, 9).excerpt, None);
        assert_eq!(lines.location(4, 1, 1).excerpt, None);
    }
}
