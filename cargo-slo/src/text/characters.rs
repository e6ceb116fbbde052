//! Which characters nobody sees, and which others do more than stand there.

use std::str::Chars;

/// First and last character of each range, in their order.
const INVISIBLE: [(char, char); 38] = [
    // Control characters, which move cursors and set colours.
    ('\0', '\u{1f}'),
    ('\u{7f}', '\u{9f}'),
    // A hyphen that is seen at the end of a line only, and what joins marks.
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    // The direction of writing: of Arabic letters, …
    ('\u{61c}', '\u{61c}'),
    // Letters that are empty.
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180e}', '\u{180e}'),
    // Spaces without width, line separators, directions and operators.
    ('\u{200b}', '\u{200b}'),
    ('\u{200e}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    // No characters at all, and never will be.
    ('\u{fdd0}', '\u{fdef}'),
    // The byte order mark, and marks of annotations.
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{fffe}', '\u{ffff}'),
    // Controls of shorthand and of music.
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{1fffe}', '\u{1ffff}'),
    ('\u{2fffe}', '\u{2ffff}'),
    ('\u{3fffe}', '\u{3ffff}'),
    ('\u{4fffe}', '\u{4ffff}'),
    ('\u{5fffe}', '\u{5ffff}'),
    ('\u{6fffe}', '\u{6ffff}'),
    ('\u{7fffe}', '\u{7ffff}'),
    ('\u{8fffe}', '\u{8ffff}'),
    ('\u{9fffe}', '\u{9ffff}'),
    ('\u{afffe}', '\u{affff}'),
    ('\u{bfffe}', '\u{bffff}'),
    ('\u{cfffe}', '\u{cffff}'),
    ('\u{dfffe}', '\u{dffff}'),
    // Tags, which copy ASCII unseen, and what is reserved beside them.
    ('\u{e0000}', '\u{e00ff}'),
    ('\u{e01f0}', '\u{e0fff}'),
    ('\u{efffe}', '\u{effff}'),
    ('\u{ffffe}', '\u{fffff}'),
    ('\u{10fffe}', '\u{10ffff}'),
];

/// True for what nobody sees wherever it stands.
pub(crate) fn is_invisible(c: char) -> bool {
    if matches!(c, ' '..='~') {
        return false;
    }
    let after = INVISIBLE.partition_point(|(first, _)| *first <= c);
    after > 0 && c <= INVISIBLE[after - 1].1
}

/// True where every character of the text may be shown as it is, told from its bytes alone.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && !text.contains("##")
}

/// The characters of a text, each with whether it may be shown as it is.
///
/// Beside what is invisible anywhere, these may not:
///
/// - Joiners and variation selectors but behind letters that they are written with. Persian,
///   emoji and the names of Japanese people need them; elsewhere they tell apart what looks alike.
/// - The second `#` of `##[…]` and `##name[…]`, by which systems that run builds find commands
///   anywhere in a line of output.
pub(crate) fn letters(text: &str) -> Letters<'_> {
    Letters {
        rest: text.chars(),
        before: None,
    }
}

/// See [`letters`].
#[derive(Clone, Debug)]
pub(crate) struct Letters<'a> {
    rest: Chars<'a>,
    /// The last character, if it is seen.
    before: Option<char>,
}

impl<'a> Letters<'a> {
    /// The character that comes next.
    pub(crate) fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    /// What comes next.
    pub(crate) fn as_str(&self) -> &'a str {
        self.rest.as_str()
    }

    fn is_shown(&self, c: char) -> bool {
        match c {
            '\u{200c}' | '\u{200d}' => self.before.is_some_and(|before| !before.is_ascii()),
            '\u{180b}'..='\u{180d}'
            | '\u{180f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{e0100}'..='\u{e01ef}' => self.before.is_some_and(takes_a_variation),
            '#' => self.before != Some('#') || !starts_command(self.rest.as_str()),
            c => !is_invisible(c),
        }
    }
}

impl Iterator for Letters<'_> {
    type Item = (char, bool);

    fn next(&mut self) -> Option<(char, bool)> {
        let c = self.rest.next()?;
        let is_shown = self.is_shown(c);
        // Behind a selector or a joiner, only a letter may stand again.
        let is_letter = is_shown && !is_attached(c);
        self.before = is_letter.then_some(c);
        Some((c, is_shown))
    }
}

/// Joiners, but for the one of emoji behind a selector, and variation selectors.
fn is_attached(c: char) -> bool {
    matches!(
        c,
        '\u{200c}' | '\u{200d}' | '\u{180b}'..='\u{180d}' | '\u{180f}'
    ) || matches!(c, '\u{fe00}'..='\u{fe0e}' | '\u{e0100}'..='\u{e01ef}')
}

/// Letters beyond ASCII, symbols, and what keys of telephones show.
fn takes_a_variation(before: char) -> bool {
    match before {
        '\u{fe0f}' => false,
        '#' | '*' | '0'..='9' => true,
        before => !before.is_ascii() && !before.is_whitespace(),
    }
}

/// What follows `##` in a command.
fn starts_command(rest: &str) -> bool {
    rest.trim_start_matches(|c: char| c.is_ascii_lowercase())
        .starts_with('[')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> Vec<char> {
        let hidden = letters(text).filter(|(_, is_shown)| !is_shown);
        hidden.map(|(c, _)| c).collect()
    }

    #[test]
    fn the_table_is_in_order() {
        for (first, last) in INVISIBLE {
            assert!(first <= last);
            assert!(is_invisible(first) && is_invisible(last));
        }
        assert!(INVISIBLE.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }

    #[test]
    fn every_control_direction_and_tag_is_invisible_and_no_letter_is() {
        for c in '\0'..=char::MAX {
            let is_known = c.is_control()
                || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
                || matches!(c, '\u{e0000}'..='\u{e007f}' | '\u{feff}')
                || u32::from(c) & 0xfffe == 0xfffe;
            assert!(!is_known || is_invisible(c), "{c:?}");
            let is_empty = matches!(
                c,
                '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{17b4}' | '\u{17b5}'
            );
            assert!(
                !c.is_alphanumeric() || is_empty || !is_invisible(c),
                "{c:?}"
            );
        }
    }

    #[test]
    fn joiners_and_selectors_stay_where_letters_are_written_with_them() {
        for whole in [
            "می\u{200c}خواهم",
            "👩\u{200d}👩\u{200d}👧",
            "❤\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
            "葛\u{e0100}城",
            "🏳\u{fe0f}\u{200d}🌈",
        ] {
            assert!(hidden(whole).is_empty(), "{whole}: {:?}", hidden(whole));
        }
        assert_eq!(hidden("ad\u{200d}min"), ['\u{200d}']);
        assert_eq!(hidden("\u{fe0f}a\u{fe01}"), ['\u{fe0f}', '\u{fe01}']);
        // Bytes hidden behind one letter.
        assert_eq!(
            hidden("葛\u{e0100}\u{e0101}\u{e0102}"),
            ['\u{e0101}', '\u{e0102}']
        );
        assert_eq!(
            hidden("❤\u{fe0f}\u{fe0f}\u{fe01}"),
            ['\u{fe0f}', '\u{fe01}']
        );
    }

    #[test]
    fn commands_of_systems_that_run_builds_are_taken_apart() {
        for command in [
            "a ##[set-output name=a]b",
            "##vso[task.x]y",
            "###teamcity[x]",
        ] {
            assert_eq!(hidden(command), ['#'], "{command}");
        }
        assert!(hidden("# a ## b [c] #[d] ##E").is_empty());
    }
}
