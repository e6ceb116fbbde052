//! An answer, item by item as it arrives: what takes memory is what is kept of them.

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeOwned, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess},
};
use std::{
    cell::Cell,
    fmt,
    io::{self, BufReader, Read},
    marker::PhantomData,
};

/// What is kept of an answer takes at most as many times its length.
const MAX_GROWTH: u64 = 3;

/// And this much beside, in bytes.
const SLACK_BYTES: u64 = 4 << 20;

/// Longest explanation of an error that is told, in characters.
const MAX_TOLD: usize = 500;

/// A step from the start of an answer to its items.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// The value of a key; other keys are passed over.
    Key(&'static str),
    /// Each item of a list.
    Each,
}

/// What an answer says beside its items.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) status: String,
    pub(super) error: String,
    pub(super) has_data: bool,
    /// Why it may lack something, as Prometheus, Mimir and Thanos say it.
    pub(super) warnings: Vec<String>,
    /// What they say beside that.
    pub(super) infos: Vec<String>,
    /// It lacks something, as VictoriaMetrics says it.
    pub(super) is_partial: bool,
}

/// More warnings than these are not read.
const MAX_WARNINGS: usize = 20;

/// The first texts of a list; none of `null`.
#[derive(Default)]
struct Texts(Vec<String>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Texts, D::Error> {
        struct First;
        impl<'de> de::Visitor<'de> for First {
            type Value = Texts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of texts")
            }

            fn visit_unit<E: de::Error>(self) -> Result<Texts, E> {
                Ok(Texts::default())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Texts, A::Error> {
                let mut texts = Vec::new();
                while texts.len() < MAX_WARNINGS {
                    let Some(text) = items.next_element()? else {
                        return Ok(Texts(texts));
                    };
                    texts.push(shortened(text));
                }
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Texts(texts))
            }
        }
        deserializer.deserialize_any(First)
    }
}

/// A text that is not too long to be told.
fn shortened(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(MAX_TOLD) {
        text.truncate(at);
        text.push('…');
    }
    text
}

/// Reads an answer. `keep` is given each item at the end of the way, and says how many bytes it
/// keeps of it.
pub(super) fn read<T: DeserializeOwned>(
    body: impl Read,
    way: &[Step],
    keep: &mut dyn FnMut(T) -> usize,
) -> serde_json::Result<Head> {
    let received = Cell::new(0);
    let kept = Cell::new(0);
    let body = Counted {
        body,
        received: &received,
    };
    let mut check = |item: T| {
        kept.set(kept.get() + keep(item) as u64);
        kept.get() <= MAX_GROWTH * received.get() + SLACK_BYTES
    };
    let mut reader = serde_json::Deserializer::from_reader(BufReader::new(body));
    let answer = Whole {
        way,
        keep: &mut check,
        item: PhantomData,
    };
    let mut head = answer.deserialize(&mut reader)?;
    reader.end()?;
    head.error = shortened(head.error);
    Ok(head)
}

/// Counts the bytes that arrived.
struct Counted<'a, R> {
    body: R,
    received: &'a Cell<u64>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.body.read(buffer)?;
        self.received.set(self.received.get() + length as u64);
        Ok(length)
    }
}

/// Takes in an item; false where too much is kept.
type Keep<'k, T> = &'k mut dyn FnMut(T) -> bool;

struct Whole<'a, 'k, T> {
    way: &'a [Step],
    keep: Keep<'k, T>,
    item: PhantomData<T>,
}

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Whole<'_, '_, T> {
    type Value = Head;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Head, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: DeserializeOwned> de::Visitor<'de> for Whole<'_, '_, T> {
    type Value = Head;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer with a `status`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Head, A::Error> {
        let mut head = Head::default();
        while let Some(key) = map.next_key::<Key>()? {
            match &*key.0 {
                "status" => head.status = map.next_value()?,
                "error" => head.error = map.next_value()?,
                "warnings" => head.warnings = map.next_value::<Texts>()?.0,
                "infos" => head.infos = map.next_value::<Texts>()?.0,
                "isPartial" => head.is_partial = map.next_value()?,
                "data" => {
                    head.has_data |= map.next_value_seed(Within {
                        way: self.way,
                        keep: &mut *self.keep,
                        item: PhantomData,
                    })?;
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        match head.status.is_empty() {
            false => Ok(head),
            true => Err(de::Error::missing_field("status")),
        }
    }
}

/// A key; what is longer than any that is known need not be kept.
#[derive(Deserialize)]
struct Key(String);

/// What follows a way; true where the way led somewhere.
struct Within<'a, 'k, T> {
    way: &'a [Step],
    keep: Keep<'k, T>,
    item: PhantomData<T>,
}

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Within<'_, '_, T> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        if !self.way.is_empty() {
            return deserializer.deserialize_any(self);
        }
        let item = T::deserialize(deserializer)?;
        match (self.keep)(item) {
            true => Ok(true),
            false => Err(de::Error::custom(
                "it takes several times its length in memory",
            )),
        }
    }
}

impl<'de, T: DeserializeOwned> de::Visitor<'de> for Within<'_, '_, T> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.way.first() {
            Some(Step::Key(key)) => write!(f, "an object with `{key}`"),
            _ => f.write_str("a list"),
        }
    }

    fn visit_unit<E: de::Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let Some((Step::Key(wanted), way)) = self.way.split_first() else {
            return Err(de::Error::invalid_type(de::Unexpected::Map, &self));
        };
        let mut is_there = false;
        while let Some(key) = map.next_key::<Key>()? {
            if key.0 == *wanted {
                is_there |= map.next_value_seed(Within {
                    way,
                    keep: &mut *self.keep,
                    item: PhantomData,
                })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(is_there)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<bool, A::Error> {
        let Some((Step::Each, way)) = self.way.split_first() else {
            return Err(de::Error::invalid_type(de::Unexpected::Seq, &self));
        };
        while items
            .next_element_seed(Within {
                way,
                keep: &mut *self.keep,
                item: PhantomData,
            })?
            .is_some()
        {}
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESULT: &[Step] = &[Step::Key("result"), Step::Each];

    fn numbers(text: &str) -> Result<(Vec<u8>, Head), String> {
        let mut all = Vec::new();
        let read = read(text.as_bytes(), RESULT, &mut |item: u8| {
            all.push(item);
            1
        });
        read.map(|head| (all, head))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn items_are_found_on_their_way_and_nothing_else_is() {
        let text =
            r#"{"x": [[{}]], "data": {"a": {"result": [9]}, "result": [1, 2]}, "status": "s"}"#;
        let (all, head) = numbers(text).unwrap();
        assert_eq!((all, &*head.status, head.has_data), (vec![1, 2], "s", true));
        for text in [
            r#"{"status": "s"}"#,
            r#"{"status": "s", "data": null}"#,
            r#"{"status": "s", "data": {}}"#,
        ] {
            let (all, head) = numbers(text).unwrap();
            assert_eq!((all, head.has_data), (vec![], false));
        }
        for (text, what) in [
            ("{}", "missing field `status`"),
            ("[]", "invalid type"),
            (r#"{"data": [], "status": "s"}"#, "an object with `result`"),
            (r#"{"data": {"result": {}}, "status": "s"}"#, "a list"),
            (
                r#"{"data": {"result": [300]}, "status": "s"}"#,
                "invalid value",
            ),
            (r#"{"status": "s"} x"#, "trailing"),
            (r#"{"status": "s""#, "EOF"),
        ] {
            let error = numbers(text).unwrap_err();
            assert!(error.contains(what), "{text}: {error}");
        }
        let deep = format!("{{\"x\": {}", "[".repeat(100_000));
        assert!(numbers(&deep).is_err());
        let long = format!(
            "{{\"status\": \"s\", \"error\": \"{}\"}}",
            "é".repeat(10_000)
        );
        assert_eq!(
            numbers(&long).unwrap().1.error.chars().count(),
            MAX_TOLD + 1
        );
    }

    #[test]
    fn what_is_kept_is_bounded_by_what_arrived() {
        let of = |length: usize, each: usize| {
            let items = vec!["1"; length].join(",");
            let text = format!("{{\"status\": \"s\", \"data\": {{\"result\": [{items}]}}}}");
            let mut kept = 0;
            let read = read(text.as_bytes(), RESULT, &mut |_: u8| {
                kept += each;
                each
            });
            (read.is_ok(), kept, text.len())
        };
        let (is_read, ..) = of(1_000_000, 6);
        assert!(is_read);
        let (is_read, kept, length) = of(2_000_000, 100);
        assert!(
            !is_read && kept < 4 * length + (SLACK_BYTES as usize),
            "{kept} of {length}"
        );
    }
}
