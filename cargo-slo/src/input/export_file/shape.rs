//! The file as it is written and read.

use super::{Build, MAX_RECORDS};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, SeqAccess, Visitor},
};
use slo_model::record::ServiceRecord;
use std::{fmt, marker::PhantomData};

/// An exported file. `Facts` are objects that people wrote as TOML, `Endpoints` the offered ones, and
/// `Records` the annotated ones; read, each is a piece of text, judged piece by piece: what is wrong
/// with one of them hides nothing about the others.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ExportFile<Facts, Endpoints, Records> {
    pub(super) format: u32,
    #[serde(default)]
    pub(super) generator: String,
    pub(super) service: String,
    #[serde(default, skip_serializing_if = "Build::is_unknown")]
    pub(super) build: Build,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sdk: Option<String>,
    /// What `slo.toml` says, empty where there is none; `None` if that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) facts: Option<Facts>,
    /// `None` if it was left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) confidential: Option<Confidential<Facts>>,
    /// `None` if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) catalogue: Option<Tables<Facts>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) declared: Option<ServiceRecord>,
    /// `None` if no file lists endpoints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) offers: Option<Offers<Endpoints>>,
    pub(super) records: Records,
}

/// What is not a business of everybody.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Confidential<Facts> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<Facts>,
}

/// The files of the catalogue that rules read.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Tables<Facts> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tiers: Option<Facts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) burn_rates: Option<Facts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) policies: Option<Facts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) vendors: Option<Facts>,
    /// Those that journeys name, and no others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) consumers: Option<Facts>,
}

impl<Facts> Tables<Facts> {
    pub(super) fn all(&self) -> impl Iterator<Item = &Facts> {
        let Tables {
            tiers,
            burn_rates,
            policies,
            vendors,
            consumers,
        } = self;
        [tiers, burn_rates, policies, vendors, consumers]
            .into_iter()
            .flatten()
    }
}

/// The endpoints that files beside the code list.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Offers<Endpoints> {
    /// The files, relative to `slo.toml`.
    pub(super) files: Vec<String>,
    /// Whether they are about HTTP.
    pub(super) http: bool,
    /// Whether they are about gRPC.
    pub(super) grpc: bool,
    /// How many routes can't be compared.
    pub(super) incomparable: u32,
    pub(super) endpoints: Endpoints,
}

/// An endpoint of theirs.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Endpoint {
    /// The route, as the file spells it.
    pub(super) route: String,
    /// What requests are compared with, where that is not the route.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) patterns: Vec<String>,
    /// What the file calls what serves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) operation: Option<String>,
}

/// As many records as a service has, and no more: a file of commas would take a multiple of its
/// length.
#[derive(Debug)]
pub(super) struct Few<T>(pub(super) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Few<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Few<T>, D::Error> {
        struct Each<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Each<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of records")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
                let mut all = Vec::new();
                while let Some(item) = items.next_element()? {
                    if all.len() == MAX_RECORDS {
                        let what = format!("there are more than {MAX_RECORDS} records");
                        return Err(de::Error::custom(what));
                    }
                    all.push(item);
                }
                Ok(all)
            }
        }
        deserializer.deserialize_seq(Each(PhantomData)).map(Few)
    }
}
