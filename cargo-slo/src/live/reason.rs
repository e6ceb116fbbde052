//! Why something is as it is: values with their numbers, which the page, a terminal and JSON word for
//! themselves.

use serde::{Deserialize, Serialize};

/// Why a request was refused, or a part of it not counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Refusal {
    /// It is meant for another host than this machine.
    OtherHost,
    /// A page of another site sent it.
    OtherSite,
    /// Exports come with POST.
    Method {
        /// The one it came with.
        method: String,
    },
    /// Its content type is not one that OTLP has.
    ContentType {
        /// What it says.
        found: String,
    },
    /// Its body is compressed in a way that is not read.
    Compression {
        /// What it says.
        found: String,
    },
    /// The path of the signal is in its address twice.
    PathTwice,
    /// Its address has no path.
    NoPath,
    /// Nothing is exported to its path.
    OtherPath,
    /// Its body is longer than this, as it came or out of gzip.
    TooLong {
        /// In MiB.
        limit: u64,
    },
    /// Its body has more data points, attributes and other elements than this.
    TooMany {
        /// How many there may be.
        limit: u64,
    },
    /// Its body is not gzip, which its headers say.
    NotGzip,
    /// Its body is not one whole message of gRPC.
    NotOneMessage,
    /// Its body is not Protocol Buffers of OTLP.
    NotProtobuf,
    /// Its body is not JSON of OTLP.
    NotJson {
        /// What is wrong with it.
        error: String,
    },
    /// An attribute of the contract is missing, unknown or too long.
    Attributes,
    /// A value is not a count.
    NotACount,
    /// More series than are kept.
    Series,
    /// More processes or services than are kept.
    Processes,
}

/// Why no alert of an SLO fires, whatever happens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Never {
    /// The least urgent condition asks for more bad events than there can be.
    OutOfReach {
        /// The burn rate above which it fires.
        burn_rate: f64,
        /// The share of bad events that this is: 1.44 are 144%.
        bad_share: f64,
    },
    /// It has none.
    NoAlert,
}

/// Something that is reported once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Remark {
    /// No window of an alert is shorter than this.
    ShortestWindow {
        /// In seconds.
        seconds: u64,
    },
    /// Traces come and are dropped.
    TracesDropped,
    /// Traces are forwarded, and not shown.
    TracesForwarded,
    /// What became of exports that are passed on.
    Forwarded {
        /// Where to.
        address: String,
        /// Those that arrived.
        passed: u64,
        /// Those that were refused there or did not arrive.
        failed: u64,
        /// Those that found no room in the queue.
        dropped: u64,
        /// Why the last one failed that did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
    },
    /// A service exports too seldom to be watched.
    SlowExports {
        /// Its name.
        service: String,
        /// The longest time between two exports, in seconds.
        seconds: u64,
    },
    /// A service exports differences, of which a lost export takes its events with it.
    Differences {
        /// Its name.
        service: String,
    },
    /// A service has no `service.instance.id`: two processes of it are taken for one.
    NoInstance {
        /// Its name.
        service: String,
    },
    /// A service says no name.
    NoName {
        /// The one that stands in for it.
        service: String,
    },
    /// Exports of services or processes beyond the limit were not counted.
    Overflow {
        /// How many.
        exports: u64,
    },
    /// A service runs with definitions that differ from those that were read, of which nothing is
    /// shown.
    OtherDefinitions {
        /// Its name.
        service: String,
        /// `journey` or `journey/endpoint`, the first ones.
        parts: Vec<String>,
    },
}
