//! Owned records, read back from the payload of a frame.

use super::frame::{FORMAT_VERSION, Frame, KIND_ENDPOINT, KIND_SENTINEL, KIND_SERVICE};
use crate::{Answer, Per, Target, Until, Window, service_name_fault, statuses, text};
use serde::{Deserialize, Serialize};
use std::{fmt, time::Duration};

/// What one frame says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Record {
    /// The program was built with the SDK.
    Sentinel(SentinelRecord),
    /// One annotated endpoint.
    Endpoint(Box<EndpointRecord>),
    /// The name that the program gives its service.
    Service(Box<ServiceRecord>),
}

/// The program was built with the SDK.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentinelRecord {
    /// Version of the SDK.
    pub sdk: String,
    /// True if annotations were compiled out, by the feature `off`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub off: bool,
}

/// The name that a program gives its service, as [`ServiceName`](crate::ServiceName) with owned
/// texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceRecord {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub source: SourceRecord,
}

/// One annotated endpoint, as [`Declaration`](crate::Declaration) with owned texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointRecord {
    /// Name, unique in a service.
    pub name: String,
    /// The journey whose objectives its events count for.
    pub journey: JourneyRecord,
    /// Objectives of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objectives: Option<ObjectivesRecord>,
    /// `METHOD /path/{param}` or `/package.Service/Method`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// What latency is measured until.
    #[serde(default)]
    pub until: Until,
    /// Status codes that are good here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub good_status: Vec<u16>,
    /// Status codes that are bad here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bad_status: Vec<u16>,
    /// What one event is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub per: Per,
    /// How often a job is expected to run.
    #[serde(
        default,
        rename = "every_ns",
        with = "super::values::optional_nanoseconds",
        skip_serializing_if = "Option::is_none"
    )]
    pub every: Option<Duration>,
    /// What a reader of the document should know.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Address of the page that tells what to do when its alerts fire.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub runbook: String,
    /// Hash of the definition, as [`endpoint_hash`](super::endpoint_hash) in hexadecimal.
    pub hash: String,
    /// What is known of the body of its answers; no part of the definition, nor of its hash.
    #[serde(default, skip_serializing_if = "is_default")]
    pub answer: Answer,
    /// What it was called before: `name`, or `journey/name`; no part of its hash.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<String>,
    /// Where the annotation stands.
    pub source: SourceRecord,
}

/// A journey, as [`Journey`](crate::Journey) with owned texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JourneyRecord {
    /// The name it is known by.
    pub name: String,
    /// What the user gets done.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Who walks the journey.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// The team that answers for it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
    /// Anything a reader of the document should know.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Address of the page that tells what to do when its alerts fire.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub runbook: String,
    /// What is promised over all its endpoints in a service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objectives: Option<ObjectivesRecord>,
    /// Hash of the definition, as [`journey_hash`](super::journey_hash) in hexadecimal.
    pub hash: String,
    /// What it was called before; no part of its hash.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<String>,
}

/// Objectives, as [`Objectives`](crate::Objectives).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectivesRecord {
    /// The availability target.
    #[serde(
        default,
        rename = "availability_ppb",
        skip_serializing_if = "Option::is_none"
    )]
    pub availability: Option<Target>,
    /// The latency objectives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub latency: Vec<LatencyRecord>,
    /// The period they are promised over.
    pub window: Window,
}

/// A latency objective, as [`Latency`](crate::Latency).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatencyRecord {
    /// The name that tells it from others.
    pub name: String,
    /// The share of valid events that must end in time.
    #[serde(rename = "target_ppb")]
    pub target: Target,
    /// An event is in time if it took at most this long.
    #[serde(rename = "threshold_ns", with = "super::values::nanoseconds")]
    pub threshold: Duration,
}

/// Where an annotation stands in the source, as [`Source`](crate::Source).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceRecord {
    /// Name of the package.
    pub package: String,
    /// Version of the package.
    pub version: String,
    /// Path of the module.
    pub module: String,
    /// Name of the function.
    pub function: String,
    /// Path of the file, as the compiler was given it.
    pub file: String,
    /// Line, counted from 1.
    pub line: u32,
}

impl fmt::Display for SourceRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}::{} ({}:{})",
            self.module, self.function, self.file, self.line
        )
    }
}

/// A frame whose content is not what its kind says.
#[derive(Debug)]
#[non_exhaustive]
pub enum DecodeError {
    /// A version of the format that this crate does not know.
    Version(u16),
    /// A kind of record that this crate does not know.
    Kind(u16),
    /// The payload is no such record.
    Payload(serde_json::Error),
    /// The record holds a value that no annotation can produce.
    Value(&'static str),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::Version(version) => write!(
                f,
                "the record has format version {version}, this program knows {FORMAT_VERSION}; \
                 use a newer cargo-slo"
            ),
            DecodeError::Kind(kind) => write!(
                f,
                "the record has kind {kind}, which this program does not know; \
                 use a newer cargo-slo"
            ),
            DecodeError::Payload(error) => write!(f, "the record can't be read: {error}"),
            DecodeError::Value(what) => write!(f, "the record can't be right: {what}"),
        }
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            DecodeError::Payload(error) => Some(error),
            _ => None,
        }
    }
}

impl Record {
    /// Reads the payload of a frame.
    ///
    /// # Errors
    /// If version or kind are unknown, or if the payload is not what the kind says.
    pub fn decode(frame: &Frame<'_>) -> Result<Record, DecodeError> {
        match (frame.version, frame.kind) {
            (FORMAT_VERSION, KIND_SENTINEL) => {
                serde_json::from_slice(frame.payload).map(Record::Sentinel)
            }
            (FORMAT_VERSION, KIND_ENDPOINT) => {
                let record: EndpointRecord =
                    serde_json::from_slice(frame.payload).map_err(DecodeError::Payload)?;
                record.check()?;
                Ok(Record::Endpoint(Box::new(record)))
            }
            (FORMAT_VERSION, KIND_SERVICE) => {
                let record: ServiceRecord =
                    serde_json::from_slice(frame.payload).map_err(DecodeError::Payload)?;
                if service_name_fault(&record.name).is_some() {
                    return Err(DecodeError::Value("no service can have this name"));
                }
                Ok(Record::Service(Box::new(record)))
            }
            (FORMAT_VERSION, kind) => return Err(DecodeError::Kind(kind)),
            (version, _) => return Err(DecodeError::Version(version)),
        }
        .map_err(DecodeError::Payload)
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl EndpointRecord {
    /// Refuses values that no annotation can produce, so that whoever reads a record from
    /// an untrusted file may rely on them as much as on a constant.
    ///
    /// # Errors
    /// [`DecodeError::Value`] says which.
    pub fn check(&self) -> Result<(), DecodeError> {
        let refuse = |wrong: bool, what| {
            if wrong {
                Err(DecodeError::Value(what))
            } else {
                Ok(())
            }
        };
        refuse(
            !text::is_name(&self.name),
            "the endpoint's name is not a lower-case word",
        )?;
        refuse(
            !text::is_name(&self.journey.name),
            "the journey's name is not a lower-case word",
        )?;
        let is_former_name = |name: &String| {
            text::is_former_endpoint(name)
                && !text::is_same_endpoint(name, &self.journey.name, &self.name)
        };
        refuse(
            self.formerly.len() > text::MAX_FORMER_NAMES
                || !self.formerly.iter().all(is_former_name),
            "a former name of the endpoint is none",
        )?;
        let is_former_journey = |name: &String| text::is_name(name) && *name != self.journey.name;
        refuse(
            self.journey.formerly.len() > text::MAX_FORMER_NAMES
                || !self.journey.formerly.iter().all(is_former_journey),
            "a former name of the journey is none",
        )?;
        refuse(
            self.every
                .is_some_and(|every| every < Duration::from_secs(1)),
            "a job runs more often than every second",
        )?;
        let lists = [&self.good_status, &self.bad_status];
        refuse(
            lists.iter().any(|codes| {
                codes.len() > statuses::MAX_CODES || !codes.iter().all(|c| statuses::is_code(*c))
            }) || !statuses::are_distinct(&self.good_status, &self.bad_status),
            "the status codes are none, or contradict each other",
        )?;
        let objectives = self.objectives.iter().chain(&self.journey.objectives);
        refuse(
            objectives
                .clone()
                .all(|o| o.availability.is_none() && o.latency.is_empty()),
            "neither the endpoint nor its journey has an objective",
        )?;
        let latencies = objectives.flat_map(|o| o.latency.iter().enumerate().map(move |l| (o, l)));
        for (objectives, (i, latency)) in latencies {
            refuse(
                i >= crate::MAX_LATENCY_OBJECTIVES,
                "there are too many latency objectives",
            )?;
            refuse(
                objectives.latency[..i]
                    .iter()
                    .any(|earlier| earlier.name == latency.name),
                "two latency objectives have the same name",
            )?;
            refuse(
                !text::is_sli_name(&latency.name) || latency.name == crate::AVAILABILITY,
                "the name of a latency objective is none",
            )?;
            refuse(
                latency.threshold.is_zero() || latency.threshold > Duration::from_secs(86_400),
                "a latency threshold is not between nothing and a day",
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{
        encode_endpoint, encode_sentinel, encode_service, endpoint_len, frames, sentinel_len,
        service_len,
    };
    use crate::{
        Declaration, Journey, Objectives, Route, ServiceName, Source, Statuses, millis, minutes,
    };

    const GOLD: Objectives = Objectives::new()
        .availability(99.95)
        .latency(99.0, millis(500));
    const JOURNEY: Journey = Journey::new("checkout")
        .title("Buy \"things\" \\ é\n\u{1}")
        .user("a shopper")
        .owner("team-orders")
        .runbook("https://runbooks.example/checkout")
        .formerly(&["purchase", "buy"])
        .objectives(GOLD.window(Window::MONTH));
    const FULL: Declaration = Declaration::new("place-order", JOURNEY)
        .objectives(
            GOLD.latency_named("typical", 50.0, millis(100))
                .window(Window::days(28)),
        )
        .route(Route::new("POST /orders/{id}"))
        .until(Until::Headers)
        .statuses(Statuses::new().good(&[404, 5]).bad(&[429]))
        .per(Per::Call)
        .answer(Answer::Stream)
        .every(minutes(5))
        .description("日本語")
        .runbook("https://runbooks.example/orders")
        .formerly(&["order", "cart/order"])
        .source(Source {
            package: "orders",
            version: "1.2.3",
            module: "orders::api",
            function: "place_order",
            file: "src/api.rs",
            line: 42,
        });
    const SPARSE: Declaration = Declaration::new("a", Journey::new("b").objectives(GOLD));

    fn decode(bytes: &[u8]) -> Record {
        let found: Vec<_> = frames(bytes).collect::<Result<_, _>>().unwrap();
        assert_eq!(found.len(), 1);
        Record::decode(&found[0]).unwrap()
    }

    #[test]
    fn everything_declared_is_read_back() {
        const BYTES: [u8; endpoint_len(&FULL)] = encode_endpoint(&FULL);
        let Record::Endpoint(record) = decode(&BYTES) else {
            panic!("an endpoint")
        };
        assert_eq!(record.name, "place-order");
        assert_eq!(record.journey.title, JOURNEY.get_title());
        assert_eq!(record.journey.user, "a shopper");
        assert_eq!(record.journey.owner, "team-orders");
        assert_eq!(
            record.journey.objectives.as_ref().unwrap().window,
            Window::MONTH
        );
        let own = record.objectives.as_ref().unwrap();
        assert_eq!(own.availability, Some(Target::from_percent(99.95)));
        assert_eq!(own.window, Window::days(28));
        let latencies: Vec<_> = own
            .latency
            .iter()
            .map(|l| (l.name.as_str(), l.target.ppb(), l.threshold))
            .collect();
        assert_eq!(
            latencies,
            [
                ("latency", 990_000_000, millis(500)),
                ("typical", 500_000_000, millis(100))
            ]
        );
        assert_eq!(record.route.as_deref(), Some("POST /orders/{id}"));
        assert_eq!(record.until, Until::Headers);
        assert_eq!(record.every, Some(minutes(5)));
        assert_eq!(
            (&record.good_status[..], &record.bad_status[..]),
            (&[404, 5][..], &[429][..])
        );
        assert_eq!(record.per, Per::Call);
        assert_eq!(record.answer, Answer::Stream);
        let hashes = [record.hash.clone(), record.journey.hash.clone()];
        let expected = [
            crate::record::endpoint_hash(&FULL),
            crate::record::journey_hash(&JOURNEY),
        ];
        assert_eq!(hashes, expected.map(|hash| format!("{hash:016x}")));
        assert_eq!(record.formerly, ["order", "cart/order"]);
        assert_eq!(record.journey.formerly, ["purchase", "buy"]);
        assert_eq!(record.description, "日本語");
        assert_eq!(
            record.source.to_string(),
            "orders::api::place_order (src/api.rs:42)"
        );

        let json = serde_json::to_string(&record).unwrap();
        assert_eq!(
            serde_json::from_str::<EndpointRecord>(&json).unwrap(),
            *record
        );
    }

    #[test]
    fn what_is_not_said_is_absent() {
        const BYTES: [u8; endpoint_len(&SPARSE)] = encode_endpoint(&SPARSE);
        let Record::Endpoint(record) = decode(&BYTES) else {
            panic!("an endpoint")
        };
        assert_eq!(
            (&record.objectives, &record.route, record.every),
            (&None, &None, None)
        );
        let payload = std::str::from_utf8(&BYTES[super::super::HEADER_LEN..]).unwrap();
        for key in [
            "title",
            "route",
            "every_ns",
            "description",
            "status",
            "per\"",
            "answer",
            "formerly",
        ] {
            assert!(!payload.contains(key), "{key} in {payload}");
        }
    }

    #[test]
    fn sentinel_is_read_back() {
        const ON: [u8; sentinel_len("0.1.0", false)] = encode_sentinel("0.1.0", false);
        const OFF: [u8; sentinel_len("0.1.0", true)] = encode_sentinel("0.1.0", true);
        for (bytes, off) in [(&ON[..], false), (&OFF, true)] {
            let sdk = "0.1.0".to_owned();
            assert_eq!(decode(bytes), Record::Sentinel(SentinelRecord { sdk, off }));
        }
        // As every SDK has written it, and older readers know it.
        assert!(ON.ends_with(br#"{"sdk":"0.1.0"}"#) && OFF.ends_with(br#","off":true}"#));
    }

    #[test]
    fn the_name_of_a_service_is_read_back() {
        const NAME: ServiceName = ServiceName::new(
            "Orders \"API\"",
            Source {
                package: "orders",
                line: 3,
                ..Source::NONE
            },
        );
        const BYTES: [u8; service_len(&NAME)] = encode_service(&NAME);
        let Record::Service(service) = decode(&BYTES) else {
            panic!("a service")
        };
        assert_eq!(service.name, "Orders \"API\"");
        assert_eq!(
            (&*service.source.package, service.source.line),
            ("orders", 3)
        );
        for name in ["", "a/b", ".."] {
            let payload = String::from_utf8(BYTES[super::super::HEADER_LEN..].to_vec()).unwrap();
            let payload = payload.replace(r#"Orders \"API\""#, name);
            let frame = Frame {
                offset: 0,
                version: 1,
                kind: 2,
                payload: payload.as_bytes(),
            };
            let decoded = Record::decode(&frame);
            assert!(matches!(decoded, Err(DecodeError::Value(_))), "{payload}");
        }
    }

    #[test]
    fn the_hash_is_of_the_promise_not_of_the_place() {
        use crate::record::{endpoint_hash, journey_hash};
        let moved = FULL.source(Source::NONE);
        assert_eq!(endpoint_hash(&FULL), endpoint_hash(&moved));
        let whole = FULL.answer(Answer::Whole);
        assert_eq!(endpoint_hash(&FULL), endpoint_hash(&whole));
        let renamed = Declaration {
            journey: JOURNEY.formerly(&[]),
            ..FULL.formerly(&[])
        };
        assert_eq!(endpoint_hash(&FULL), endpoint_hash(&renamed));
        let tightened = FULL.objectives(GOLD.availability(99.96));
        assert_ne!(endpoint_hash(&FULL), endpoint_hash(&tightened));
        assert_ne!(
            journey_hash(&JOURNEY),
            journey_hash(&JOURNEY.owner("team-a"))
        );
    }

    #[test]
    fn later_versions_and_kinds_are_told_apart_from_damage() {
        let frame = |version, kind| Frame {
            offset: 0,
            version,
            kind,
            payload: b"{}",
        };
        assert!(matches!(
            Record::decode(&frame(2, 1)),
            Err(DecodeError::Version(2))
        ));
        assert!(matches!(
            Record::decode(&frame(1, 9)),
            Err(DecodeError::Kind(9))
        ));
        assert!(matches!(
            Record::decode(&frame(1, 1)),
            Err(DecodeError::Payload(_))
        ));
    }

    #[test]
    fn values_no_annotation_can_produce_are_refused() {
        const BYTES: [u8; endpoint_len(&SPARSE)] = encode_endpoint(&SPARSE);
        let good = String::from_utf8(BYTES[super::super::HEADER_LEN..].to_vec()).unwrap();
        for (from, to) in [
            ("999500000", "1000000000"),
            ("999500000", "0"),
            ("999500000", "-1"),
            ("990000000", "99999999999"),
            ("\"30d\"", "\"0d\""),
            ("500000000", "0"),
            ("\"body\"", "\"tail\""),
            ("\"name\":\"a\"", "\"name\":\"A B\""),
            ("\"latency\",", "\"availability\","),
            ("\"until\"", "\"bad_status\":[17],\"until\""),
            (
                "\"until\"",
                "\"bad_status\":[5],\"good_status\":[5],\"until\"",
            ),
            ("\"until\"", "\"per\":\"day\",\"until\""),
            ("\"until\"", "\"formerly\":[\"a\"],\"until\""),
            ("\"until\"", "\"formerly\":[\"b/a\"],\"until\""),
            ("\"until\"", "\"formerly\":[\"c/d/e\"],\"until\""),
            (
                "\"until\"",
                "\"formerly\":[\"c\",\"d\",\"e\",\"f\",\"g\"],\"until\"",
            ),
            ("\"hash\"", "\"formerly\":[\"b\"],\"hash\""),
        ] {
            assert!(good.contains(from), "{from} in {good}");
            let bad = good.replacen(from, to, 1);
            let frame = Frame {
                offset: 0,
                version: 1,
                kind: 1,
                payload: bad.as_bytes(),
            };
            assert!(Record::decode(&frame).is_err(), "{bad}");
        }
    }
}
