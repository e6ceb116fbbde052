//! Every word of a document, one table per language.
//!
//! A table is a value of [`Texts`], so a text that one language lacks is a compile error.
//! Texts hold names in braces, which [`fill`] puts lines in for, and names or commands in
//! backticks; a test compares the names of both languages, and `lint` reads every Japanese text.

mod approval;
mod en;
mod fill;
mod ja;
#[cfg(test)]
pub(crate) mod lint;
mod measured;
mod rules;
mod table;
mod uncounted;

pub(super) use fill::{Counted, fill, marked};
pub(super) use rules::title;
pub(super) use table::Texts;

/// A language that documents are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Japanese.
    Japanese,
}

impl Language {
    /// Its words.
    pub(super) const fn texts(self) -> &'static Texts {
        match self {
            Language::English => &en::TEXTS,
            Language::Japanese => &ja::TEXTS,
        }
    }
}
