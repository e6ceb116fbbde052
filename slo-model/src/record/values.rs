//! How single values are written in a record.

use crate::{Answer, Per, Target, Until, Window};
use serde::{Deserialize, Serialize};

impl Serialize for Target {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.ppb())
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Target, D::Error> {
        let ppb = u32::deserialize(deserializer)?;
        Target::try_from_ppb(ppb).ok_or_else(|| {
            serde::de::Error::custom(format_args!(
                "a target of {ppb} parts per billion is not between 0 and 1,000,000,000"
            ))
        })
    }
}

impl Serialize for Window {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Window, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

impl Serialize for Until {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Until {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Until, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "body" => Ok(Until::Body),
            "headers" => Ok(Until::Headers),
            other => Err(serde::de::Error::unknown_variant(
                other,
                &["body", "headers"],
            )),
        }
    }
}

impl Serialize for Per {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Per {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Per, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "request" => Ok(Per::Request),
            "call" => Ok(Per::Call),
            other => Err(serde::de::Error::unknown_variant(
                other,
                &["request", "call"],
            )),
        }
    }
}

impl Serialize for Answer {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Answer, D::Error> {
        // Later versions may know more kinds, and this is not a promise that could be misread.
        Ok(match String::deserialize(deserializer)?.as_str() {
            "whole" => Answer::Whole,
            "stream" => Answer::Stream,
            _ => Answer::Unknown,
        })
    }
}

pub(super) mod nanoseconds {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::time::Duration;

    pub(in super::super) fn serialize<S: Serializer>(
        duration: &Duration,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        u64::try_from(duration.as_nanos())
            .map_err(serde::ser::Error::custom)?
            .serialize(to)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_nanos)
    }
}

pub(super) mod optional_nanoseconds {
    use serde::{Deserialize, Deserializer, Serializer};
    use std::time::Duration;

    #[expect(
        clippy::ref_option,
        reason = "serde calls it with a reference to the field"
    )]
    pub(in super::super) fn serialize<S: Serializer>(
        duration: &Option<Duration>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match duration {
            Some(duration) => super::nanoseconds::serialize(duration, to),
            None => to.serialize_none(),
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Duration>, D::Error> {
        Ok(Option::<u64>::deserialize(from)?.map(Duration::from_nanos))
    }
}
