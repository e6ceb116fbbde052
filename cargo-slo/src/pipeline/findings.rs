//! What differs between what was sent and what is stored.

use serde::Serialize;

/// What became of something on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// The Collector refused exports.
    Refused,
    /// The Collector took only a part of exports.
    PartlyTaken,
    /// Nothing of it is in the store.
    NothingArrived,
    /// It has another name.
    Renamed,
    /// An attribute is gone.
    Stripped,
    /// A metric, a replica, a series or an export is gone.
    Dropped,
    /// It is there more than once.
    Doubled,
    /// It is of another kind: differences in place of sums, a gauge in place of a counter.
    Converted,
    /// The number is another one.
    WrongCount,
    /// A counter fell though its process went on.
    Reset,
    /// A process is said to have begun at another time.
    StartTime,
    /// It took longer than rules bear.
    Late,
}

impl Kind {
    /// The word for it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Kind::Refused => "refused",
            Kind::PartlyTaken => "partly taken",
            Kind::NothingArrived => "nothing arrived",
            Kind::Renamed => "renamed",
            Kind::Stripped => "stripped",
            Kind::Dropped => "dropped",
            Kind::Doubled => "doubled",
            Kind::Converted => "converted",
            Kind::WrongCount => "wrong count",
            Kind::Reset => "reset",
            Kind::StartTime => "start time",
            Kind::Late => "late",
        }
    }

    /// Returns `true` for what may still become right.
    pub(super) const fn may_pass(self) -> bool {
        matches!(
            self,
            Kind::NothingArrived | Kind::Dropped | Kind::WrongCount | Kind::StartTime
        )
    }
}

/// Something that is not as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Finding {
    /// What became of it.
    pub(crate) kind: Kind,
    /// Of what: a metric, an attribute, a replica.
    pub(crate) what: String,
    /// What is there.
    pub(crate) seen: String,
    /// What was to be there.
    pub(crate) expected: String,
    /// What no longer works.
    pub(crate) breaks: String,
    /// What to do.
    pub(crate) way_out: String,
}
