//! How the collector treats an export.

use crate::random::Random;

/// What happens to one connection; each carries one export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// Nothing.
    None,
    /// Answered, but late: exports pile up behind it.
    Slow,
    /// Received and refused with 503.
    Unavailable,
    /// Received, then the connection ends without an answer.
    Unanswered,
    /// The connection is reset before anything is read.
    Reset,
    /// Reset, and for a while nobody listens.
    Refused,
}

impl Fault {
    /// About every second export goes well.
    const OFTEN: [Fault; 10] = [
        Fault::None,
        Fault::None,
        Fault::None,
        Fault::None,
        Fault::None,
        Fault::Slow,
        Fault::Unavailable,
        Fault::Unanswered,
        Fault::Reset,
        Fault::Refused,
    ];

    /// What happens to the connection of this number.
    pub(super) fn from_seed(seed: u64, number: u64) -> Fault {
        *Random::new(!seed, number).pick(&Fault::OFTEN)
    }
}
