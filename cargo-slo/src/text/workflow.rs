//! Commands of GitHub's workflows.

use super::{characters::letters, push_spelled};

/// A message: it may hold anything but what would end the command. What else is not seen is
/// spelled out, because these lines stand in logs that people look at.
pub(crate) fn message(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in letters(text) {
        match letter {
            ('%', _) => out.push_str("%25"),
            ('\r', _) => out.push_str("%0D"),
            ('\n', _) => out.push_str("%0A"),
            (c, true) => out.push(c),
            (c, false) => push_spelled(&mut out, c),
        }
    }
    out
}

/// The value of a property, which may moreover not hold what parts it from the next.
pub(crate) fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
