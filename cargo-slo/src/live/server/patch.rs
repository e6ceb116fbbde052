//! How a text comes from an earlier one, by lines.

use serde::Serialize;
use std::collections::HashMap;

/// What a part of a text is.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Part<'t> {
    /// Lines of the earlier text: the first, and that after the last.
    Kept([usize; 2]),
    /// A line of its own.
    New(&'t str),
}

/// Returns what a text is made of as a JSON array: strings are its lines, and `[3, 7]` stands for the
/// lines 3 to 6 of the text before it, counted from 0. Without such a text, all lines are strings.
pub(super) fn patch(before: Option<&str>, after: &str) -> String {
    let old: Vec<_> = before.iter().flat_map(|text| text.split('\n')).collect();
    let mut places = HashMap::<&str, Vec<usize>>::new();
    for (place, line) in old.iter().enumerate() {
        places.entry(line).or_default().push(place);
    }
    let (mut parts, mut next) = (Vec::new(), 0);
    for line in after.split('\n') {
        if let Some(Part::Kept([_, end])) = parts.last_mut()
            && old.get(*end) == Some(&line)
        {
            *end += 1;
            next = *end;
            continue;
        }
        // Of lines that are the same, the one after what was kept last: more follows there.
        let found = places.get(line).and_then(|places| {
            let after = places.partition_point(|place| *place < next);
            places.get(after).or(places.first())
        });
        match found {
            Some(place) => {
                next = place + 1;
                parts.push(Part::Kept([*place, next]));
            }
            None => parts.push(Part::New(line)),
        }
    }
    // Strings and whole numbers can always be written.
    serde_json::to_string(&parts).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    /// As the script of the page does it.
    fn patched(before: Option<&str>, patch: &str) -> String {
        let old: Vec<_> = before.iter().flat_map(|text| text.split('\n')).collect();
        let parts: Vec<Value> = serde_json::from_str(patch).unwrap();
        let lines = parts.iter().flat_map(|part| match part {
            Value::Array(range) => {
                let [from, to] = [0, 1].map(|n| range[n].as_u64().unwrap() as usize);
                old[from..to].to_vec()
            }
            line => vec![line.as_str().unwrap()],
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn only_what_is_new_is_in_it() {
        let before = "<main>\n1\n<p>\n2\n<p>\n</main>\n";
        assert_eq!(patch(Some(before), before), "[[0,7]]");
        assert_eq!(
            patch(Some(before), "<main>\n1\n<p>\n3\n<p>\n</main>\n"),
            "[[0,3],\"3\",[4,7]]"
        );
        assert_eq!(patch(None, "a\n"), "[\"a\",\"\"]");
    }

    proptest! {
        #[test]
        fn the_text_comes_out(
            before in proptest::option::of("[ab\n\"]{0,40}"),
            after in "[ab\n\"]{0,40}",
        ) {
            let patch = patch(before.as_deref(), &after);
            prop_assert_eq!(patched(before.as_deref(), &patch), after);
            prop_assert!(!patch.contains('\n'));
        }
    }
}
