//! What is known of an event beside its endpoint, in one word: it is copied with every poll, and
//! one comparison tells an event of which nothing unusual is known.

use crate::event::reason::Reason;
use slo_model::Mark;
use std::num::NonZeroU64;

/// From the lowest bit on: [`Claim`] in 8, the handler's own word in 4, [`Request`] in 4, the
/// [`Reason`] for its word in 8, and in 40 the number of the event where it is shared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Packed(u64);

/// Whose an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Claim {
    /// There is none.
    None,
    /// No handler has claimed it.
    Unclaimed,
    /// No handler has claimed it, and it waits; it is counted as started for the endpoint
    /// that its route says.
    PendingFor,
    /// The same, where it is not known which endpoint that is.
    PendingUnknown,
    /// The endpoint's that claimed it; its start is counted.
    Claimed,
    /// It can't be told: whoever claims it has it, and nothing is counted.
    Uncounted,
}

/// What is known of the request that an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Request {
    /// It can't be told from another one.
    Unmarked,
    /// It carries a mark, so that it can be told.
    Marked,
    /// The same, and it has passed a second layer.
    Doubled,
    /// It could not be told from one inside it, which is counted nowhere.
    Undecided,
    /// It could not be told from one inside it, which is counted.
    Represented,
}

const CLAIM: u64 = 0xff;
const MARK: u64 = 0xf00;
const MARK_AT: u32 = 8;
const REQUEST: u64 = 0xf000;
const REQUEST_AT: u32 = 12;
const REASON: u64 = 0xff_0000;
const REASON_AT: u32 = 16;
const SHARED_AT: u32 = 24;

/// The largest number of a shared event.
pub(crate) const MAX_SHARED: u64 = u64::MAX >> SHARED_AT;

impl Packed {
    #[inline]
    pub(crate) const fn new(claim: Claim) -> Packed {
        Packed(claim as u64 | (Request::Unmarked as u64) << REQUEST_AT)
    }

    #[inline]
    pub(crate) fn is(self, claim: Claim) -> bool {
        self.0 & CLAIM == claim as u64
    }

    #[inline]
    pub(crate) fn set(&mut self, claim: Claim) {
        self.0 = self.0 & !CLAIM | claim as u64;
    }

    pub(crate) const fn with_request(self, request: Request) -> Packed {
        Packed(self.0 & !REQUEST | (request as u64) << REQUEST_AT)
    }

    #[inline]
    pub(crate) fn request_is(self, request: Request) -> bool {
        (self.0 & REQUEST) >> REQUEST_AT == request as u64
    }

    #[inline]
    pub(crate) fn mark(self) -> Option<Mark> {
        match (self.0 & MARK) >> MARK_AT {
            0 => None,
            1 => Some(Mark::Good),
            2 => Some(Mark::Bad),
            _ => Some(Mark::Excluded),
        }
    }

    pub(crate) fn with_mark(self, mark: Mark) -> Packed {
        let mark = match mark {
            Mark::Good => 1,
            Mark::Bad => 2,
            Mark::Excluded => 3,
        };
        Packed(self.0 & !MARK | mark << MARK_AT)
    }

    /// Why the handler said its word.
    pub(crate) fn reason(self) -> Reason {
        Reason::from_number(self.0.to_le_bytes()[REASON_AT as usize / 8])
    }

    pub(crate) fn with_reason(self, reason: Reason) -> Packed {
        Packed(self.0 & !REASON | u64::from(reason.number()) << REASON_AT)
    }

    /// The number of the event where it is shared.
    #[inline]
    pub(crate) fn shared(self) -> Option<NonZeroU64> {
        NonZeroU64::new(self.0 >> SHARED_AT)
    }

    /// The same of an event that is shared under this number, at most [`MAX_SHARED`].
    pub(crate) fn with_shared(self, number: NonZeroU64) -> Packed {
        Packed(self.0 & !(MAX_SHARED << SHARED_AT) | number.get() << SHARED_AT)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// Whatever is set of one part leaves the others alone.
    #[test]
    fn parts_keep_apart() {
        let claim = [
            Claim::None,
            Claim::Unclaimed,
            Claim::PendingFor,
            Claim::PendingUnknown,
            Claim::Claimed,
            Claim::Uncounted,
        ];
        let marks = [Mark::Good, Mark::Bad, Mark::Excluded];
        let requests = [
            Request::Unmarked,
            Request::Marked,
            Request::Doubled,
            Request::Undecided,
            Request::Represented,
        ];
        let reason = Reason::from_number(u8::MAX);
        let numbers = [1, 2, MAX_SHARED].map(|number| NonZeroU64::new(number).unwrap());
        for first in claim {
            let bare = Packed::new(first);
            assert_eq!((bare.mark(), bare.shared()), (None, None));
            assert!(bare.request_is(Request::Unmarked));
            for then in claim {
                for mark in marks {
                    for request in requests {
                        for number in numbers {
                            let mut packed = bare
                                .with_shared(number)
                                .with_request(Request::Undecided)
                                .with_mark(Mark::Excluded)
                                .with_request(request)
                                .with_mark(mark);
                            packed.set(then);
                            for other in claim {
                                assert_eq!(packed.is(other), other == then);
                            }
                            for other in requests {
                                assert_eq!(packed.request_is(other), other == request);
                            }
                            assert_eq!(packed.reason(), Reason::NONE);
                            packed = packed.with_reason(reason);
                            assert_eq!(packed.reason(), reason);
                            assert_eq!(packed.mark(), Some(mark));
                            assert_eq!(packed.shared(), Some(number));
                            assert_ne!(packed, Packed::new(then));
                        }
                    }
                }
            }
        }
    }
}
