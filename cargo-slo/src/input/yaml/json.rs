//! What JSON spells unlike YAML.

use std::borrow::Cow;

/// JSON is YAML but for one thing: it escapes what needs more than four digits as a pair of
/// two escapes, which YAML refuses. The same text, with those spelled as YAML does.
pub(crate) fn without_pairs(text: &str) -> Cow<'_, str> {
    if !text
        .trim_start_matches('\u{feff}')
        .trim_start()
        .starts_with(['{', '['])
    {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut done = 0;
    let mut from = 0;
    while let Some(at) = text[from..].find('\\').map(|at| from + at) {
        let escape = |at: usize| {
            let digits = text.get(at..)?.strip_prefix("\\u")?.get(..4)?;
            u16::from_str_radix(digits, 16).ok()
        };
        // Another character that is escaped may be a backslash; it must not start an escape.
        from = at + 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8);
        if let (Some(high), Some(low)) = (escape(at), escape(at + 6))
            && let [Ok(c)] = char::decode_utf16([high, low]).collect::<Vec<_>>()[..]
        {
            out.push_str(&text[done..at]);
            out.push_str(&format!("\\U{:08X}", u32::from(c)));
            from = at + 12;
            done = from;
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_that_only_json_has() {
        let text = r#"{"a\\ud83d\ude00": "\ud83d\ude00 \\ud83d", "b": "\u00e9"}"#;
        let yaml = without_pairs(text);
        assert_eq!(
            yaml,
            r#"{"a\\ud83d\ude00": "\U0001F600 \\ud83d", "b": "\u00e9"}"#
        );
        assert!(matches!(
            without_pairs("a: \"\\ud83d\\ude00\""),
            Cow::Borrowed(_)
        ));
        assert!(matches!(without_pairs("{\"é\\"), Cow::Borrowed(_)));
    }

    proptest::proptest! {
        #[test]
        fn what_json_says_is_what_yaml_reads(said: String) {
            let escaped: String = said
                .encode_utf16()
                .map(|unit| format!("\\u{unit:04x}"))
                .collect();
            let text = format!("[\"{escaped}\"]");
            let yaml = without_pairs(&text);
            let read: Vec<String> = serde_norway::from_str(&yaml).unwrap();
            proptest::prop_assert_eq!(&read[0], &said);
        }
    }
}
