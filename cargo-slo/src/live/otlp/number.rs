//! Numbers in JSON as OTLP writes them: those of 64 bits as texts, and as numbers by many.

use serde::{Deserialize, Deserializer, de::Error};

#[derive(Deserialize)]
#[serde(untagged)]
enum Number<'a> {
    Whole(u64),
    Signed(i64),
    Real(f64),
    Text(#[serde(borrow)] std::borrow::Cow<'a, str>),
}

impl Number<'_> {
    fn whole<E: Error>(self) -> Result<u64, E> {
        match self {
            Number::Whole(n) => Ok(n),
            Number::Text(text) => text.parse().map_err(E::custom),
            Number::Signed(_) | Number::Real(_) => Err(E::custom("not a whole number")),
        }
    }

    fn signed<E: Error>(self) -> Result<i64, E> {
        match self {
            Number::Whole(n) => n.try_into().map_err(E::custom),
            Number::Signed(n) => Ok(n),
            Number::Text(text) => text.parse().map_err(E::custom),
            Number::Real(_) => Err(E::custom("not a whole number")),
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "it was to be a number of 53 bits"
    )]
    fn real<E: Error>(self) -> Result<f64, E> {
        match self {
            Number::Whole(n) => Ok(n as f64),
            Number::Signed(n) => Ok(n as f64),
            Number::Real(n) => Ok(n),
            Number::Text(text) => text.parse().map_err(E::custom),
        }
    }
}

pub(super) fn whole<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    Number::deserialize(from)?.whole()
}

pub(super) fn wholes<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u64>, D::Error> {
    let numbers = Vec::<Number<'_>>::deserialize(from)?;
    numbers.into_iter().map(Number::whole).collect()
}

pub(super) fn signed<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let number = Option::<Number<'_>>::deserialize(from)?;
    number.map(Number::signed).transpose()
}

pub(super) fn real<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let number = Option::<Number<'_>>::deserialize(from)?;
    number.map(Number::real).transpose()
}
