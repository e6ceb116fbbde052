//! Phrases that this project does not write, in any text of the repository: comments, messages,
//! documentation. Most are literal translations that a reader has to undo first.

use crate::{
    Outcome,
    command::{output, root},
};
use std::{fs, process::Command};

/// What a text must not say, and what it says instead.
struct Phrase {
    words: &'static str,
    better: &'static str,
    /// Words after it that make it good English.
    unless_before: &'static [&'static str],
    /// Words in front of it that make it good English.
    unless_after: &'static [&'static str],
}

const fn phrase(words: &'static str, better: &'static str) -> Phrase {
    Phrase {
        words,
        better,
        unless_before: &[],
        unless_after: &[],
    }
}

/// `X is no Y`, but for "there is no Y", "X is no longer Y" and comparisons.
const fn negated(words: &'static str, better: &'static str) -> Phrase {
    Phrase {
        unless_before: &[
            "longer",
            "more",
            "one",
            "such",
            "other",
            "larger",
            "better",
            "worse",
            "less",
            "fewer",
            "earlier",
            "later",
            "need",
            "room",
            "way",
            "doubt",
            "smaller",
            "higher",
            "lower",
            "faster",
            "slower",
            "tighter",
            "looser",
            "different",
            "good",
            "point",
        ],
        unless_after: &["there"],
        ..phrase(words, better)
    }
}

const PHRASES: &[Phrase] = &[
    Phrase {
        unless_after: &["does", "do", "did"],
        ..phrase("nothing where", "`None` if")
    },
    negated("is no", "is not a"),
    negated("are no", "are not"),
    negated("was no", "was not a"),
    negated("were no", "were not"),
    phrase("anew", "again"),
    phrase("says not", "does not say"),
    phrase("say not", "do not say"),
    phrase("is none of", "is not one of"),
    phrase("nobody that is known", "an unknown owner"),
    phrase("was read no more", "no longer read"),
    phrase("runs never", "never runs"),
    phrase("told at once", "reported together"),
    phrase("an event of its own", "a separate event"),
    phrase("events of their own", "separate events"),
    phrase("so many times", "the given number of times"),
    phrase("with so many", "with the given number of"),
    phrase("in so many days", "in the given number of days"),
];

/// Where phrases stand that are not ours, or that have to stand somewhere.
const EXEMPT: &[&str] = &["xtask/src/words.rs"];

const KINDS: &[&str] = &[".rs", ".md", ".toml", ".stderr", ".snap", ".txt"];

pub(crate) fn run() -> Outcome {
    let files = output(
        Command::new("git")
            .args(["ls-files", "-z"])
            .current_dir(root()),
    )?;
    let mut found = Vec::new();
    for file in files.split('\0').filter(|file| is_read(file)) {
        // Fixtures may be broken on purpose.
        let Ok(text) = fs::read_to_string(root().join(file)) else {
            continue;
        };
        found.extend(
            faults(&text)
                .into_iter()
                .map(|(line, fault)| format!("{file}:{line}: {fault}")),
        );
    }
    match found.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "{}\n{} phrases to rewrite",
            found.join("\n"),
            found.len()
        )),
    }
}

fn is_read(file: &str) -> bool {
    KINDS.iter().any(|kind| file.ends_with(kind)) && !EXEMPT.contains(&file)
}

/// The line of each fault of a text, from 1, and what to write instead.
fn faults(text: &str) -> Vec<(usize, String)> {
    let words: Vec<(usize, &str)> = text
        .lines()
        .enumerate()
        .flat_map(|(at, line)| parts(line).map(move |word| (at + 1, word)))
        .filter(|(_, word)| !matches!(*word, "//" | "///" | "//!" | "#" | "*" | "|" | ">" | "\\"))
        .collect();
    let mut found = Vec::new();
    for at in 0..words.len() {
        for phrase in PHRASES {
            if phrase.is_at(&words, at) {
                found.push((
                    words[at].0,
                    format!("\"{}\": write \"{}\"", phrase.words, phrase.better),
                ));
            }
        }
    }
    found.extend(conditions(text));
    found.sort();
    found
}

/// The words of a line; a text in code begins a new one.
fn parts(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| c.is_whitespace() || c == '"')
        .filter(|word| !word.is_empty())
}

/// A section of errors or panics says when they happen: "If …".
fn conditions(text: &str) -> impl Iterator<Item = (usize, String)> {
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    (2..lines.len()).filter_map(move |at| {
        let is_section = matches!(lines[at - 2], "/// # Errors" | "/// # Panics");
        (is_section && lines[at].starts_with("/// Where "))
            .then(|| (at + 1, "\"Where\": write \"If\"".to_owned()))
    })
}

impl Phrase {
    fn is_at(&self, words: &[(usize, &str)], at: usize) -> bool {
        let length = self.words.split(' ').count();
        let mut is_same = self.words.split(' ').enumerate().map(|(nth, word)| {
            words
                .get(at + nth)
                .is_some_and(|(_, said)| plain(said) == word)
        });
        let before = at.checked_sub(1).and_then(|at| words.get(at));
        let after = words.get(at + length);
        let stands = |word: Option<&(usize, &str)>, among: &[&str]| {
            word.is_some_and(|(_, word)| among.contains(&plain(word).as_str()))
        };
        is_same.all(|is_same| is_same)
            && !stands(before, self.unless_after)
            && !stands(after, self.unless_before)
            // A sentence ends between the words, or code does.
            && words[at..at + length - 1]
                .iter()
                .all(|(_, word)| !word.ends_with(['.', ';', ':', ',']))
    }
}

/// A word as it is compared: without what stands around it, in lower case.
fn plain(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_phrase_is_found_at_its_line() {
        let planted = [
            ("fn a() {}\n/// The day; nothing where it is unknown.\n", 2),
            ("/// The day; nothing\n    /// where it is unknown.\n", 1),
            ("error!(\"`x` is no duration\")", 1),
            ("What is no\nhandler\n", 1),
            ("The counter starts anew.", 1),
            ("/// # Errors\n///\n/// Where it can't be read.\n", 3),
        ];
        for (text, line) in planted {
            let found = faults(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!(found[0].0, line, "{text}: {found:?}");
        }
    }

    #[test]
    fn what_is_good_english_passes() {
        for text in [
            "There is no such file, and it is no longer read.",
            "error!(\"there is no rule\")",
            "It is. No handler runs.",
            "/// # Errors\n///\n/// If it can't be read.\n",
            "/// Where it is written.\n",
            "Does nothing where the layer is missing.",
            "It does nothing while there\nis no request.",
        ] {
            assert_eq!(faults(text), [], "{text}");
        }
    }

    #[test]
    fn each_phrase_is_found_by_itself() {
        for phrase in PHRASES {
            let found = faults(&format!("It {} x.", phrase.words));
            assert_eq!(found.len(), 1, "{}: {found:?}", phrase.words);
        }
    }
}
