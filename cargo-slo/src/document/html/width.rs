//! How much room a text takes, without a font at hand.

use crate::text::shown;
use unicode_width::UnicodeWidthChar;

/// Hundredths of the height of the font that a text is wide, about: wide characters of East Asia
/// take a whole one, others a bit more than half.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

fn char_width(c: char) -> usize {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 32,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 88,
        'A'..='Z' => 70,
        c if c.width() == Some(2) => 102,
        _ => 58,
    }
}

/// A text in no more than this width, its end left out visibly.
pub(super) fn within(text: &str, most: usize) -> String {
    let text = shown(text).replace('\n', " ");
    if width(&text) <= most {
        return text;
    }
    let mut taken = char_width('…');
    let kept = text.chars().take_while(|c| {
        taken += char_width(*c);
        taken <= most
    });
    let mut kept: String = kept.collect();
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_end_visibly() {
        assert_eq!(within("orders", 400), "orders");
        let short = within("a-service-with-a-long-name", 700);
        assert!(short.ends_with('…') && width(&short) <= 700, "{short}");
        assert!(width("注文") > width("or"));
    }
}
