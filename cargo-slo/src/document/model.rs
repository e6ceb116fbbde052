//! What a document is made of, whatever it is written down in.

use super::text::Language;
use crate::text::{letters, shown};
use std::borrow::Cow;

/// A document: a tree of sections.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The language of everything that nobody else wrote.
    pub(super) language: Language,
    /// Whose it is.
    pub(super) service: String,
    /// What it is called.
    pub(super) title: Line,
    /// What it is for.
    pub(super) lead: Line,
    /// What it says.
    pub(super) sections: Vec<Section>,
}

/// A part with a heading.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Section {
    /// What links lead to; words, dots and slashes only.
    pub(super) id: String,
    /// The heading.
    pub(super) title: Line,
    /// What stands below it.
    pub(super) blocks: Vec<Block>,
    /// Its own parts, after that.
    pub(super) sections: Vec<Section>,
    /// Whether it is on a page of its own where it is printed.
    pub(super) is_sheet: bool,
}

/// What stands on lines of its own.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    /// Sentences.
    Paragraph(Line),
    /// Something to be seen first: what is missing or wrong.
    Remark(Line),
    /// Points.
    List(Vec<Line>),
    /// What the reader is to do, below a title.
    Asked(Line, Vec<Line>),
    /// Names with what there is to say about each.
    Facts(Vec<(Line, Line)>),
    /// Rows and columns.
    Table(Table),
    /// What a table beside it says, to look at.
    Picture(Picture),
}

/// Rows and columns; the first cell of a row names it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    /// What it shows.
    pub(super) caption: Line,
    /// The columns, and whether they hold numbers.
    pub(super) head: Vec<(Line, Column)>,
    /// The rows, as long as the head.
    pub(super) rows: Vec<Vec<Line>>,
}

impl Table {
    /// Leaves out the columns that say nothing in any row.
    pub(super) fn drop_empty_columns(&mut self) {
        for column in (0..self.head.len()).rev() {
            if self.rows.iter().all(|row| row[column].is_empty()) {
                self.head.remove(column);
                for row in &mut self.rows {
                    row.remove(column);
                }
            }
        }
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// Words.
    Words,
    /// A few words that belong together: days, states.
    Short,
    /// Numbers, which are compared.
    Numbers,
}

/// Something to look at.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Picture {
    /// What it shows, in a few words.
    pub(super) title: String,
    /// The same as the picture, for who can't see it.
    pub(super) description: String,
    /// What is drawn.
    pub(super) drawing: Drawing,
}

/// What can be drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Drawing {
    /// Who calls whom.
    Calls {
        /// Those that call or are called, by column.
        nodes: Vec<Node>,
        /// The calls.
        calls: Vec<Call>,
    },
    /// A budget from all of it to none, and what happens from where on: percent left, what it
    /// is called, and how serious it is, 0 to 2.
    Levels(Vec<Level>),
    /// A window as days, and how much of it everything may fail.
    Calendar {
        days: u32,
        /// Tenths of minutes that may fail.
        tenths_of_minutes: u32,
        /// How that is written.
        label: String,
        /// The words for one day.
        one_day: String,
    },
}

/// Someone who calls or is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    /// Its name.
    pub(super) name: String,
    /// A word about it.
    pub(super) about: String,
    /// How many calls away it is.
    pub(super) column: usize,
    /// True where nothing is known about it.
    pub(super) is_unknown: bool,
}

/// A call, by the places of its nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) from: usize,
    pub(super) to: usize,
    /// True where the caller fails without it.
    pub(super) is_hard: bool,
    /// The word for that.
    pub(super) kind: String,
}

/// A part of a budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Level {
    /// Hundredths of a percent of the budget that are left where it begins.
    pub(super) from: u32,
    /// How that is written.
    pub(super) left: String,
    /// What happens from there on.
    pub(super) then: String,
    /// How serious that is, 0 to 2.
    pub(super) gravity: u8,
}

/// A line of text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line(pub(super) Vec<Span>);

/// A part of a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Span {
    /// Words of the table of texts, and numbers.
    Text(Cow<'static, str>),
    /// What somebody else wrote.
    Quoted(String),
    /// The same in another language, by its tag.
    Foreign(String, Line),
    /// A name or a command, to be read letter by letter.
    Code(String),
    /// What matters most.
    Strong(Line),
    /// How things stand.
    State(State, String),
    /// A page elsewhere, whose address is sound.
    Page(String),
    /// The same with a text of its own; whoever makes one knows that the address is sound.
    Link(String, Line),
    /// Another place of this document.
    Place(String, Line),
}

/// How things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// As it should be.
    Good,
    /// To be looked at.
    Open,
    /// Not as it should be.
    Bad,
    /// To be known.
    Note,
}

impl State {
    /// A sign for it, so that no colour is needed.
    pub(super) const fn sign(self) -> &'static str {
        match self {
            State::Good => "✓",
            State::Open => "○",
            State::Bad => "✗",
            State::Note => "i",
        }
    }
}

impl Line {
    /// Our own words.
    pub(super) fn text(text: impl Into<Cow<'static, str>>) -> Line {
        Line(vec![Span::Text(text.into())])
    }

    /// Somebody else's.
    pub(super) fn said(text: &str) -> Line {
        Line(vec![Span::Quoted(shown(text))])
    }

    /// A name.
    pub(super) fn code(text: &str) -> Line {
        Line(vec![Span::Code(shown(text))])
    }

    /// How things stand.
    pub(super) fn state(state: State, text: impl Into<String>) -> Line {
        Line(vec![Span::State(state, text.into())])
    }

    /// What matters most.
    pub(super) fn strong(line: Line) -> Line {
        Line(vec![Span::Strong(line)])
    }

    /// A link to another place of the document.
    pub(super) fn place(id: &str, line: Line) -> Line {
        Line(vec![Span::Place(id.to_owned(), line)])
    }

    /// A page elsewhere: a link where its address is one of the web, else only what was written.
    pub(super) fn page(address: &str) -> Line {
        match is_sound(address) {
            true => Line(vec![Span::Page(address.to_owned())]),
            false => Line::said(address),
        }
    }

    /// A page elsewhere under another name: a link where its address is one of the web, else the name.
    pub(super) fn link(address: &str, name: Line) -> Line {
        match is_sound(address) {
            true => Line(vec![Span::Link(address.to_owned(), name)]),
            false => name,
        }
    }

    /// True where nothing is in it.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// This line, then another.
    pub(super) fn and(mut self, other: Line) -> Line {
        self.0.extend(other.0);
        self
    }

    /// The lines with something between each two.
    pub(super) fn join(lines: impl IntoIterator<Item = Line>, between: &'static str) -> Line {
        let mut joined = Line::default();
        for line in lines {
            if !joined.is_empty() {
                joined.0.push(Span::Text(between.into()));
            }
            joined = joined.and(line);
        }
        joined
    }

    /// What it says, without anything else.
    pub(super) fn plain(&self) -> String {
        let spans = self.0.iter().map(|span| match span {
            Span::Text(text) => text.to_string(),
            Span::Quoted(text) | Span::Code(text) | Span::State(_, text) | Span::Page(text) => {
                text.clone()
            }
            Span::Strong(line)
            | Span::Place(_, line)
            | Span::Foreign(_, line)
            | Span::Link(_, line) => line.plain(),
        });
        spans.collect()
    }
}

/// An address that a browser opens as a page of the web and as nothing else. Other schemes run
/// programs, and whoever wrote the address may not be whoever clicks on it.
pub(super) fn is_sound(address: &str) -> bool {
    let scheme = ["https://", "http://"];
    let is_web = scheme.iter().any(|scheme| {
        address
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    // What would end it where a page or a table is written.
    let is_mark = |c: char| matches!(c, '<' | '>' | '"' | '`' | '|' | '\\');
    is_web && letters(address).all(|(c, is_shown)| is_shown && !c.is_whitespace() && !is_mark(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_are_links() {
        for sound in [
            "https://a.example/b?c=d#e",
            "HTTP://a.example",
            "https://日本.example/",
        ] {
            assert!(is_sound(sound), "{sound}");
        }
        for other in [
            "",
            "javascript:alert(1)",
            " https://a.example",
            "https://a.example/b c",
            "java\nscript:x",
            "https://a.example/\u{202e}",
            "data:text/html,x",
            "//a.example",
            "https://a.example/><b>c</b>",
            "https://a.example/a|b",
            "https://a.example/\u{e0041}",
            "runbooks/checkout",
        ] {
            assert!(!is_sound(other), "{other}");
            assert!(matches!(&Line::page(other).0[..], [Span::Quoted(_)]));
        }
    }
}
