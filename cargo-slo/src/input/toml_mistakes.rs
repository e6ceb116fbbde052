//! Everything that is wrong with a TOML text, not only the first thing.
//!
//! Serde stops at the first key or value that a type does not know. What it stopped at is taken
//! out and the rest is tried again, until nothing is wrong with it any more. So every mistake is
//! found by the types themselves, and no second list of what they know can go astray.

use serde::de::DeserializeOwned;
use std::ops::Range;
use toml::{
    Deserializer, Spanned,
    de::{DeArray, DeTable, DeValue, Error},
};

/// More mistakes have one cause; each costs a reading of the whole text.
const MAX_MISTAKES: usize = 50;

/// One thing that is wrong: what the parser said, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What the parser said.
    pub message: String,
    /// Where.
    pub span: Range<usize>,
}

impl Mistake {
    fn from_error(error: &Error) -> Mistake {
        Mistake {
            message: error.message().to_owned(),
            span: error.span().unwrap_or(0..0),
        }
    }
}

/// Reads a text as what `T` knows.
///
/// # Errors
/// The mistakes, at least one, in the order of their places. If the text is not TOML, only the
/// first is told: what follows it may be meant otherwise than it is read.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Vec<Mistake>> {
    read_table(DeTable::parse(text).map_err(|error| vec![Mistake::from_error(&error)])?)
}

/// Reads a table as what `T` knows.
///
/// # Errors
/// The mistakes, at least one, in the order of their places.
pub(super) fn read_table<T: DeserializeOwned>(
    mut document: Spanned<DeTable<'_>>,
) -> Result<T, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let mut taken = Vec::new();
    while mistakes.len() < MAX_MISTAKES {
        let error = match T::deserialize(Deserializer::from(document.clone())) {
            Ok(value) if mistakes.is_empty() => return Ok(value),
            Ok(_) => break,
            Err(error) => error,
        };
        let Mistake { message, span } = Mistake::from_error(&error);
        // A key that was taken out with its wrong value is not missing.
        let is_echo = taken.iter().any(|Taken { of, key }| {
            *of == span && message.starts_with(&format!("missing field `{key}`"))
        });
        if !is_echo {
            mistakes.push(Mistake { message, span });
        }
        // Without a place, it is about the whole document.
        let Some(out) = error.span().and_then(|span| take(&mut document, &span)) else {
            break;
        };
        taken.push(out);
    }
    mistakes.sort_by_key(|mistake| mistake.span.start);
    Err(mistakes)
}

/// A key, or an item of an array, that was taken out.
struct Taken {
    /// The place of the table it was in.
    of: Range<usize>,
    key: String,
}

/// Takes out the smallest thing at a place; `None` if that is the whole document.
fn take(document: &mut Spanned<DeTable<'_>>, span: &Range<usize>) -> Option<Taken> {
    let of = document.span();
    if of == *span {
        return None;
    }
    let mut best = None;
    in_table(document.get_ref(), span, &mut Vec::new(), &mut best);
    let (_, path) = best?;
    let (last, folders) = path.split_last()?;
    remove(document.get_mut(), of, folders, last)
}

#[derive(Clone, Debug)]
enum Step {
    Key(String),
    Item(usize),
}

/// How long the best place is, and the way to it.
type Best = Option<(usize, Vec<Step>)>;

fn in_table(table: &DeTable<'_>, span: &Range<usize>, way: &mut Vec<Step>, best: &mut Best) {
    for (key, value) in table {
        way.push(Step::Key(key.get_ref().to_string()));
        note(&key.span(), span, way, best);
        in_value(value, span, way, best);
        way.pop();
    }
}

fn in_value(
    value: &Spanned<DeValue<'_>>,
    span: &Range<usize>,
    way: &mut Vec<Step>,
    best: &mut Best,
) {
    note(&value.span(), span, way, best);
    match value.get_ref() {
        DeValue::Table(table) => in_table(table, span, way, best),
        DeValue::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                way.push(Step::Item(index));
                in_value(item, span, way, best);
                way.pop();
            }
        }
        _ => {}
    }
}

/// Of places of one length the inner one is better: the place of a table may be that of its head.
fn note(at: &Range<usize>, span: &Range<usize>, way: &[Step], best: &mut Best) {
    let is_in = at.start <= span.start && span.end <= at.end;
    if is_in && best.as_ref().is_none_or(|(length, _)| at.len() <= *length) {
        *best = Some((at.len(), way.to_vec()));
    }
}

fn remove(table: &mut DeTable<'_>, of: Range<usize>, way: &[Step], last: &Step) -> Option<Taken> {
    let Some((Step::Key(first), way)) = way.split_first() else {
        let Step::Key(key) = last else { return None };
        table.remove(key.as_str())?;
        return Some(Taken {
            of,
            key: key.clone(),
        });
    };
    let mut value = table.get_mut(first.as_str())?;
    for (index, step) in way.iter().enumerate() {
        let inner = value.span();
        match (step, value.get_mut()) {
            (Step::Key(_), DeValue::Table(table)) => {
                return remove(table, inner, &way[index..], last);
            }
            (Step::Item(item), DeValue::Array(items)) => value = items.get_mut(*item)?,
            _ => return None,
        }
    }
    let of = value.span();
    match (last, value.get_mut()) {
        (Step::Key(_), DeValue::Table(table)) => remove(table, of, &[], last),
        (Step::Item(item), DeValue::Array(items)) => {
            let rest = std::mem::replace(items, DeArray::new())
                .into_iter()
                .enumerate();
            *items = rest
                .filter(|(index, _)| index != item)
                .map(|(_, item)| item)
                .collect();
            Some(Taken {
                of,
                key: String::new(),
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::manifest::Manifest;

    fn mistakes(text: &str) -> Vec<(String, String)> {
        let Err(found) = read::<Manifest>(text) else {
            return Vec::new();
        };
        found
            .into_iter()
            .map(|mistake| (text[mistake.span].to_owned(), mistake.message))
            .collect()
    }

    #[test]
    fn every_mistake_is_told_once_and_in_order() {
        let text = "\
ownre = 'a'
tier = 7
[traffic]
a = '5/month'
b = 'many'
c = 9
[[dependency]]
service = 'x'
kind = 'sotf'
usedby = ['a']
[[dependency]]
kind = 'hard'
[[dependency]]
service = 'y'
kind = 'soft'
used-by = ['a', 3]
[coverage]
ignore = [{ route = 'x', reason = 'r' }, { route = '/a' }, { route = '/b', reason = 1 }]
";
        let found = mistakes(text);
        let places: Vec<_> = found.iter().map(|(place, _)| &**place).collect();
        let expected = [
            "ownre",
            "7",
            "'many'",
            "9",
            "'sotf'",
            "usedby",
            "[[dependency]]",
            "3",
            "'x'",
            "{ route = '/a' }",
            "1",
        ];
        assert_eq!(places, expected, "{found:#?}");
        assert!(found[6].1.starts_with("missing field `service`"));
        assert_eq!(mistakes("owner = 'a'"), []);
    }

    #[test]
    fn of_a_text_that_is_no_toml_only_the_first_is_told() {
        assert_eq!(mistakes("a = \nb = \n").len(), 1);
    }

    #[test]
    fn there_is_an_end() {
        let text: String = (0..200).map(|n| format!("unknown{n} = 1\n")).collect();
        assert_eq!(mistakes(&text).len(), MAX_MISTAKES);
        assert_eq!(read::<u8>("a = 1").unwrap_err().len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn what_serde_reads_is_read_and_nothing_else(edits in proptest::collection::vec((0..500_usize, "[a-z='\\[\\]{}\n0-9 -]{0,4}"), 0..4)) {
            let mut text = "service = 'a'\n[traffic]\na = '5/day'\n[[dependency]]\nservice = 'x'\nkind = 'hard'\nused-by = ['a']\n[coverage]\nignore = [{ route = '/a', reason = 'r' }]\n".to_owned();
            for (at, new) in edits {
                let at = at % text.len();
                text.replace_range(at..(at + 2).min(text.len()), &new);
            }
            let whole = toml::from_str::<Manifest>(&text);
            match (read::<Manifest>(&text), whole) {
                (Ok(read), Ok(whole)) => proptest::prop_assert_eq!(read, whole),
                (Err(mistakes), Err(first)) => {
                    let first = Mistake::from_error(&first);
                    proptest::prop_assert!(mistakes.contains(&first), "{:?} {:?}", mistakes, first);
                }
                (one, other) => panic!("{one:?} {other:?}"),
            }
        }
    }
}
