//! A way out that is a text to write, and what files become with it.

use super::Diagnostic;
use crate::text::toml;
use serde::Serialize;
use std::{fmt, ops::Range};

/// A way out that can be pasted: all of its edits, or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What it comes to, in one line.
    pub does: String,
    /// True where nothing is left to decide, so that `cargo slo check --fix` writes it.
    pub certain: bool,
    /// What is written where.
    pub edits: Vec<Edit>,
}

/// A text, and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// Path of the file.
    pub file: String,
    /// Line of what it replaces, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The section that it belongs to: a table, or what an annotation stands on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// What stands there and goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// What to write, a table with its head; empty where something goes only.
    pub text: String,
    /// How a program does it.
    #[serde(skip)]
    pub method: Method,
}

/// How a program makes an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// Sets the keys of the text, and adds the tables that are not there.
    Merge,
    /// Puts the text into the place of these bytes.
    Replace(Range<usize>),
    /// Not at all: people do.
    ByHand,
}

impl Change {
    /// Returns `true` if programs can make all of its edits.
    pub fn is_applicable(&self) -> bool {
        self.edits.iter().all(|edit| edit.method != Method::ByHand)
    }

    /// Returns `true` if another change writes something else into the same place: of the two, only
    /// one can be made.
    pub fn contradicts(&self, other: &Change) -> bool {
        let pairs = self.edits.iter().flat_map(|one| {
            let others = other.edits.iter();
            others.map(move |other| (one, other))
        });
        pairs.into_iter().any(|(one, other)| one.contradicts(other))
    }
}

/// As text for what shows no blocks: what it does, and what stands where.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.does)?;
        for edit in &self.edits {
            write!(f, "\nin {}", edit.file)?;
            if let Some(line) = edit.line {
                write!(f, ":{line}")?;
            }
            if let Some(goes) = &edit.replaces {
                write!(f, ", in place of {}", goes.trim_matches('\n'))?;
            }
            match &*edit.text {
                "" => f.write_str(": nothing")?,
                text => write!(f, ":\n{text}")?,
            }
        }
        Ok(())
    }
}

impl Edit {
    fn contradicts(&self, other: &Edit) -> bool {
        if self.file != other.file || self == other {
            return false;
        }
        match (&self.method, &other.method) {
            (Method::Replace(one), Method::Replace(other)) => {
                one.start < other.end && other.start < one.end
            }
            (Method::Merge, Method::Merge) => toml::sets_same(&self.text, &other.text),
            _ => false,
        }
    }
}

/// Returns the changes of findings that a program can make together without asking: of each finding the
/// first that leaves nothing to decide, unless it contradicts one before it.
pub fn together<'a>(found: impl IntoIterator<Item = &'a Diagnostic>) -> Vec<&'a Change> {
    let mut all: Vec<&Change> = Vec::new();
    for finding in found {
        let mut certain = finding.changes.iter();
        let first = certain.find(|change| change.certain && change.is_applicable());
        let Some(first) = first else { continue };
        if !all
            .iter()
            .any(|other| other.contradicts(first) || *other == first)
        {
            all.push(first);
        }
    }
    all
}

/// Returns what a TOML file becomes with edits of it, each made once; `None` if it would not be TOML
/// any more, or the text has no room for one of them.
pub fn applied(text: &str, edits: &[&Edit]) -> Option<String> {
    let mut text = text.to_owned();
    let mut replaced: Vec<(&Range<usize>, &str)> = Vec::new();
    for edit in edits {
        if let Method::Replace(range) = &edit.method {
            replaced.push((range, &edit.text));
        }
    }
    // From the end on, so that places before stay what they are.
    replaced.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    replaced.dedup();
    for (range, new) in replaced {
        text.get(range.clone())?;
        text.replace_range(range.clone(), new);
    }
    let mut merged: Vec<&str> = Vec::new();
    for edit in edits {
        if edit.method == Method::Merge && !merged.contains(&&*edit.text) {
            merged.push(&edit.text);
            text = toml::merge(&text, &edit.text)?;
        }
    }
    toml::is_toml(&text).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(text: &str, method: Method) -> Edit {
        Edit {
            file: "slo.toml".to_owned(),
            line: None,
            section: None,
            replaces: None,
            text: text.to_owned(),
            method,
        }
    }

    #[test]
    fn comments_and_order_stay() {
        let text = "# head\nowner = 'a' # who\n\n[traffic]\n# all\nchekout = '1/day'\n\n[value]\n";
        let at = text.find("chekout").unwrap();
        let edits = [
            edit("checkout", Method::Replace(at..at + 7)),
            edit("policy = \"standard\"", Method::Merge),
            edit("[slo.\"a.b\"]\nburn-rates = \"x\"", Method::Merge),
            edit("[traffic]\npay = '2/day'", Method::Merge),
        ];
        let all: Vec<_> = edits.iter().collect();
        assert_eq!(
            applied(text, &all).unwrap(),
            "# head\nowner = 'a' # who\npolicy = \"standard\"\n\n[traffic]\n# all\ncheckout = '1/day'\n\
             pay = '2/day'\n\n[value]\n\n[slo.\"a.b\"]\nburn-rates = \"x\"\n"
        );
        // Twice the same is once.
        let twice: Vec<_> = edits.iter().chain(&edits).collect();
        assert_eq!(applied(text, &twice), applied(text, &all));
    }

    #[test]
    fn what_would_not_be_toml_is_not_made() {
        let text = "[traffic]\na = '1/day'\nb = '1/day'\n";
        let at = text.find('b').unwrap();
        let rename = edit("a", Method::Replace(at..at + 1));
        assert_eq!(applied(text, &[&rename]), None);
        assert_eq!(applied("", &[&rename]), None);
    }

    #[test]
    fn changes_of_one_place_contradict_each_other() {
        let change = |text: &str| Change {
            does: String::new(),
            certain: true,
            edits: vec![edit(text, Method::Merge)],
        };
        let one = change("[slo.\"a.b\"]\nburn-rates = \"x\"");
        assert!(!one.contradicts(&one));
        assert!(one.contradicts(&change("[slo.\"a.b\"]\nburn-rates = \"y\"")));
        assert!(!one.contradicts(&change("[slo.\"a.c\"]\nburn-rates = \"y\"")));
    }
}
