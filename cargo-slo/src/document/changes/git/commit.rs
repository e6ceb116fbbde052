//! What a commit says about itself: lines of a name and a value, before an empty line.

use crate::input::values::Date;
use gix_hash::{Kind, ObjectId};
use gix_object::bstr::ByteSlice;

const SECONDS_PER_DAY: i64 = 86_400;

/// The head of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) tree: ObjectId,
    pub(super) parents: Vec<ObjectId>,
    /// Who wrote it; each byte that is not valid text is U+FFFD.
    pub(super) author: String,
    /// The day it was written, where it was.
    pub(super) date: String,
}

/// The head of a commit; `None` if it names no tree.
pub(super) fn head_of(bytes: &[u8], kind: Kind) -> Option<Head> {
    let mut head = Head {
        tree: ObjectId::null(kind),
        parents: Vec::new(),
        author: String::new(),
        date: String::new(),
    };
    let (mut tree, mut author, mut encoding) = (None, &b""[..], &b""[..]);
    for line in bytes.split(|byte| *byte == b'\n') {
        if line.is_empty() {
            break;
        }
        let Some((name, value)) = line.split_once_str(b" ") else {
            continue;
        };
        match name {
            b"tree" => tree = Some(ObjectId::from_hex(value).ok()?),
            b"parent" => head.parents.push(ObjectId::from_hex(value).ok()?),
            b"author" if author.is_empty() => author = value,
            b"encoding" => encoding = value,
            _ => {}
        }
    }
    head.tree = tree?;
    // `NAME <ADDRESS> SECONDS ZONE`, where the name may hold anything.
    let (person, time) = author.rsplit_once_str(b">").unwrap_or((author, b""));
    let name = person
        .rsplit_once_str(b"<")
        .map_or(person, |(name, _)| name);
    head.author = decoded(name.trim(), encoding);
    head.date = day(&time.to_str_lossy()).to_string();
    Some(head)
}

/// A text as git tells it: in UTF-8, unless the commit names another encoding.
fn decoded(text: &[u8], encoding: &[u8]) -> String {
    let is_latin = [&b"iso-8859-1"[..], b"iso8859-1", b"latin1", b"latin-1"]
        .iter()
        .any(|name| encoding.eq_ignore_ascii_case(name));
    match text.to_str() {
        Err(_) if is_latin => text.iter().map(|byte| char::from(*byte)).collect(),
        _ => text.to_str_lossy().into_owned(),
    }
}

/// The day of `SECONDS ZONE`, such as `1777600000 +0900`; the first of 1970 for what is not a time.
fn day(time: &str) -> Date {
    let mut words = time.split_whitespace();
    let seconds = words.next().and_then(|word| word.parse::<i64>().ok());
    let zone = words.next().and_then(|word| word.parse::<i64>().ok());
    let zone = zone.unwrap_or_default();
    let offset = (zone / 100 * 60 + zone % 100).saturating_mul(60);
    let local = seconds.unwrap_or_default().saturating_add(offset);
    Date::after_epoch(u64::try_from(local / SECONDS_PER_DAY).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(author: &[u8], rest: &str) -> Head {
        let hash = "a".repeat(40);
        let mut bytes = format!("tree {hash}\nparent {hash}\nauthor ").into_bytes();
        bytes.extend_from_slice(author);
        bytes.extend_from_slice(format!("\ncommitter x\n{rest}\nauthor in the message").as_bytes());
        head_of(&bytes, Kind::Sha1).unwrap()
    }

    #[test]
    fn whatever_an_author_is_called_is_told() {
        for (author, name) in [
            (&b"A. Mori <m@x> 1777600000 +0900"[..], "A. Mori"),
            (b"A\x01B <m@x> 1777600000 +0900", "A\u{1}B"),
            (b"A\0B <m@x> 1777600000 +0900", "A\0B"),
            (b"J\xf6rg <m@x> 1777600000 +0900", "J\u{fffd}rg"),
            (b"<a> b <m@x> 1777600000 +0900", "<a> b"),
            (b"> < <m@x> 1777600000 +0900", "> <"),
            (b" <m@x> 1777600000 +0900", ""),
        ] {
            let head = of(author, "");
            assert_eq!((&*head.author, &*head.date), (name, "2026-05-01"));
            assert_eq!(head.parents.len(), 1);
        }
        let head = of(b"J\xf6rg <m@x> 1 +0", "encoding ISO-8859-1\n");
        assert_eq!(head.author, "Jörg");
        assert_eq!(of(b"A", "").author, "A");
    }

    #[test]
    fn days_are_those_of_whoever_wrote() {
        for (time, date) in [
            ("1777593600 +0000", "2026-05-01"),
            ("1777593599 +0000", "2026-04-30"),
            ("1777593599 +0001", "2026-05-01"),
            ("1777593600 -0030", "2026-04-30"),
            ("-5 +0000", "1970-01-01"),
            ("9223372036854775807 +9223372036854775807", "9999-12-31"),
            ("soon", "1970-01-01"),
        ] {
            assert_eq!(day(time).to_string(), date, "{time}");
        }
    }

    #[test]
    fn what_has_no_tree_is_no_commit() {
        for bytes in [&b""[..], b"tree x\n", b"\ntree", b"parent 12"] {
            assert_eq!(head_of(bytes, Kind::Sha1), None);
        }
    }
}
