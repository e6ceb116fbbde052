//! What a rule is.

use super::Finding;
use crate::{
    diagnostics::Level,
    fleet::{Fleet, Subject},
    input::history::{Counted, History},
};

/// Something a reviewer would say, as a program.
#[derive(Debug)]
pub struct Rule {
    /// Its name, in kebab-case.
    pub name: &'static str,
    /// How bad its findings are, unless the command line says otherwise.
    pub level: Level,
    pub(super) check: Check,
    /// The file it stands in.
    pub(super) source: &'static str,
}

/// How a rule finds something.
#[derive(Debug)]
pub(super) enum Check {
    /// By looking at a service among others.
    Service(fn(&Fleet<'_>, &Subject<'_>) -> Vec<Finding>),
    /// By looking at a service and at the traffic of its SLOs, expected or measured; of those
    /// without any it says nothing.
    Traffic(fn(&Fleet<'_>, &Subject<'_>) -> Vec<Finding>),
    /// By comparing a service with the endpoints that files list; without them it says nothing.
    Offered(fn(&Fleet<'_>, &Subject<'_>) -> Vec<Finding>),
    /// By looking at a service and at what was counted of it; without that it says nothing.
    History(fn(&Subject<'_>, &History, &Counted) -> Vec<Finding>),
    /// By looking at the exceptions of a service, and at which of them were of use.
    Exceptions(fn(&Fleet<'_>, &Subject<'_>, &[bool]) -> Vec<Finding>),
}

impl Rule {
    /// Returns what it finds, in one line.
    pub fn summary(&self) -> String {
        self.text()
            .lines()
            .take_while(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Returns the whole text about it, Markdown: the comment at the head of its file.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in self.source.lines() {
            let Some(line) = line.strip_prefix("//!") else {
                break;
            };
            text.push_str(line.strip_prefix(' ').unwrap_or(line));
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_comment_at_the_head_is_the_text() {
        let rule = Rule {
            name: "a",
            level: Level::Note,
            check: Check::Exceptions(|_, _, _| Vec::new()),
            source: "//! One line\n//! and more.\n//!\n//! Then `code`.\n\nuse x;\n//! no\n",
        };
        assert_eq!(rule.summary(), "One line and more.");
        assert_eq!(rule.text(), "One line\nand more.\n\nThen `code`.\n");
    }
}
