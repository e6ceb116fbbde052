//! Texts that count something.

/// A text that counts something: `{n}` is the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    /// For one.
    pub(crate) one: &'static str,
    /// For any other number.
    pub(crate) other: &'static str,
}

impl Counted {
    /// A language, or a word, that does not tell one from many.
    pub(crate) const fn same(text: &'static str) -> Counted {
        Counted {
            one: text,
            other: text,
        }
    }

    /// The text for one, or for any other number.
    pub(crate) const fn text(&self, is_one: bool) -> &'static str {
        if is_one { self.one } else { self.other }
    }

    /// The text with a number, which is one or not.
    pub(crate) fn with(&self, number: &str, is_one: bool) -> String {
        self.text(is_one).replace("{n}", number)
    }
}
