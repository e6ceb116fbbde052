//! TOML: texts as it spells them, and files of people with more in them.

use super::characters::letters;
use std::fmt::Write;
use toml_edit::{DocumentMut, Item, Table};

/// A string on one line: what could end it, and what is not seen, is escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in letters(text) {
        match letter {
            (c @ ('"' | '\\'), _) => out.extend(['\\', c]),
            (c, true) => out.push(c),
            // A text takes whatever is written to it.
            (c @ ..'\u{10000}', false) => drop(write!(out, "\\u{:04X}", u32::from(c))),
            (c, false) => drop(write!(out, "\\U{:08X}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// A key: bare where that can be.
pub(crate) fn key(text: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    match !text.is_empty() && text.chars().all(is_bare) {
        true => text.to_owned(),
        false => quoted(text),
    }
}

/// True where a text is TOML.
pub(crate) fn is_toml(text: &str) -> bool {
    text.parse::<DocumentMut>().is_ok()
}

/// A text with a piece of TOML in it: keys, or one table with its head. Keys that are there are set, a
/// table that is not there comes last; all else, comments and spaces among it, stays. `None` if one of
/// the two is not TOML, or the table has no room.
pub(crate) fn merge(text: &str, piece: &str) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    let fresh: DocumentMut = piece.parse().ok()?;
    let Some(Part {
        path,
        is_list,
        table,
    }) = part(&fresh)
    else {
        return Some(text.to_owned());
    };
    let known = match is_list {
        true => None,
        false => path.iter().try_fold(document.as_item_mut(), |item, name| {
            item.as_table_like_mut()?.get_mut(name)
        }),
    };
    if let Some(known) = known {
        let known = known.as_table_like_mut()?;
        for (name, item) in table {
            match known.get_mut(name) {
                Some(old) => set(old, item),
                None => drop(known.insert(name, item.clone())),
            }
        }
        return Some(document.to_string());
    }
    let gap = match text {
        "" => "",
        text if text.ends_with("\n\n") => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let merged = format!("{text}{gap}{}\n", piece.trim_end());
    is_toml(&merged).then_some(merged)
}

/// True where two pieces give a key of one table different values.
pub(crate) fn sets_same(one: &str, other: &str) -> bool {
    let (Ok(one), Ok(other)) = (one.parse::<DocumentMut>(), other.parse::<DocumentMut>()) else {
        return false;
    };
    let (Some(one), Some(other)) = (part(&one), part(&other)) else {
        return false;
    };
    let differs = |name: &str, item: &Item| {
        let other = other.table.get(name);
        other.is_some_and(|other| other.to_string().trim() != item.to_string().trim())
    };
    let is_one_table = !one.is_list && !other.is_list && one.path == other.path;
    is_one_table && one.table.iter().any(|(name, item)| differs(name, item))
}

/// A value in the place of another, with the comment behind it.
fn set(old: &mut Item, new: &Item) {
    let mut new = new.clone();
    if let (Some(old), Some(new)) = (old.as_value(), new.as_value_mut()) {
        *new.decor_mut() = old.decor().clone();
    }
    *old = new;
}

/// What a piece is about.
struct Part<'a> {
    path: Vec<&'a str>,
    /// Whether it is one more of a list of tables.
    is_list: bool,
    table: &'a Table,
}

/// The innermost table that has more than a table in it.
fn part(piece: &DocumentMut) -> Option<Part<'_>> {
    let (mut path, mut table) = (Vec::new(), piece.as_table());
    loop {
        let mut items = table.iter();
        let (name, item) = items.next()?;
        let is_alone = items.next().is_none();
        match item {
            Item::Table(inner) if is_alone => {
                path.push(name);
                table = inner;
            }
            Item::ArrayOfTables(list) if is_alone => {
                path.push(name);
                let (is_list, table) = (true, list.get(0)?);
                return Some(Part {
                    path,
                    is_list,
                    table,
                });
            }
            _ => {
                return Some(Part {
                    path,
                    is_list: false,
                    table,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn any_text_reads_back(text: String, more in "[\u{0}-\u{a0}\u{2020}-\u{2070}\u{e0000}-\u{e01ff}\"]{0,9}") {
            for text in [text, more] {
                let line = format!("a = {}", quoted(&text));
                proptest::prop_assert!(letters(&line).all(|(_, is_shown)| is_shown), "{line}");
                let read: std::collections::BTreeMap<String, String> =
                    ::toml::from_str(&line).unwrap();
                proptest::prop_assert_eq!(&read["a"], &text);
            }
        }
    }
}
