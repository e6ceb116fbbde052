//! Status codes that mean something else here than elsewhere.

use crate::Ending;

/// Status codes that an endpoint, or a whole layer, judges otherwise than the table does.
///
/// HTTP statuses and gRPC codes stand in one list: those of gRPC are 0 to 16, those of HTTP
/// start at 100, so neither can be taken for the other.
///
/// ```
/// use slo_model::{Ending, Statuses};
/// // A crowd that is turned away is this service's fault, and a 404 is an answer.
/// const HERE: Statuses = Statuses::new().bad(&[429]).good(&[404]);
/// assert_eq!(HERE.ending(429), Some(Ending::ServerError));
/// assert_eq!(HERE.ending(404), Some(Ending::Completed));
/// assert_eq!(HERE.ending(500), None);
/// ```
/// ```compile_fail
/// # use slo_model::Statuses;
/// const BOTH: Statuses = Statuses::new().bad(&[404]).good(&[404]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Statuses {
    good: &'static [u16],
    bad: &'static [u16],
}

/// Most codes in one list.
pub(crate) const MAX_CODES: usize = 16;

impl Statuses {
    /// Returns all as the table says.
    pub const fn new() -> Statuses {
        Statuses {
            good: &[],
            bad: &[],
        }
    }

    /// Codes that are answers as good as any: their latency counts, too.
    ///
    /// # Panics
    /// If a number is not a status code, stands in the list twice or in the other one, or
    /// if the list is longer than 16.
    #[must_use]
    pub const fn good(mut self, codes: &'static [u16]) -> Statuses {
        self.good = codes;
        self.checked()
    }

    /// Codes that are the service's fault: bad for availability, without a latency.
    ///
    /// # Panics
    /// As [`Statuses::good`].
    #[must_use]
    pub const fn bad(mut self, codes: &'static [u16]) -> Statuses {
        self.bad = codes;
        self.checked()
    }

    /// Returns the codes that are good here.
    pub const fn get_good(&self) -> &'static [u16] {
        self.good
    }

    /// Returns the codes that are bad here.
    pub const fn get_bad(&self) -> &'static [u16] {
        self.bad
    }

    /// Returns `true` if all is as the table says.
    pub const fn is_empty(&self) -> bool {
        self.good.is_empty() && self.bad.is_empty()
    }

    /// Returns how an event ends here that was answered with this code; `None` if the table
    /// decides.
    pub const fn ending(&self, code: u16) -> Option<Ending> {
        if holds(self.bad, code) {
            Some(Ending::ServerError)
        } else if holds(self.good, code) {
            Some(Ending::Completed)
        } else {
            None
        }
    }

    const fn checked(self) -> Statuses {
        assert!(
            all_are_meant(self.good) && all_are_meant(self.bad),
            "a status code is a gRPC code from 0 to 16, or an HTTP status from 100 to 599"
        );
        assert!(
            are_distinct(self.good, self.bad),
            "a status code stands once in `good_status` or in `bad_status`, not twice and not in both"
        );
        assert!(
            self.good.len() <= MAX_CODES && self.bad.len() <= MAX_CODES,
            "a list holds at most 16 status codes; for more, write a classifier for the layer"
        );
        self
    }
}

/// True for a gRPC code or an HTTP status, also one that no standard gives a meaning: records of
/// older programs may hold it.
pub(crate) const fn is_code(code: u16) -> bool {
    matches!(code, 0..=16 | 100..=999)
}

const fn holds(codes: &[u16], code: u16) -> bool {
    let mut i = 0;
    while i < codes.len() {
        if codes[i] == code {
            return true;
        }
        i += 1;
    }
    false
}

const fn all_are_meant(codes: &[u16]) -> bool {
    let mut i = 0;
    while i < codes.len() {
        if !is_code(codes[i]) || codes[i] > 599 {
            return false;
        }
        i += 1;
    }
    true
}

pub(crate) const fn are_distinct(good: &[u16], bad: &[u16]) -> bool {
    let mut i = 0;
    while i < good.len() {
        if holds(good.split_at(i).0, good[i]) || holds(bad, good[i]) {
            return false;
        }
        i += 1;
    }
    let mut i = 0;
    while i < bad.len() {
        if holds(bad.split_at(i).0, bad[i]) {
            return false;
        }
        i += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_listed_is_judged() {
        const STATUSES: Statuses = Statuses::new().good(&[5, 404, 304]).bad(&[429, 16]);
        for code in 0..=999 {
            let expected = match code {
                5 | 404 | 304 => Some(Ending::Completed),
                429 | 16 => Some(Ending::ServerError),
                _ => None,
            };
            assert_eq!(STATUSES.ending(code), expected, "{code}");
        }
        assert!(Statuses::new().is_empty() && !STATUSES.is_empty());
    }

    #[test]
    fn nonsense_is_refused() {
        let refused = |good: &'static [u16], bad: &'static [u16]| {
            std::panic::catch_unwind(|| Statuses::new().good(good).bad(bad)).is_err()
        };
        assert!(refused(&[17], &[]) && refused(&[], &[99]) && refused(&[600], &[]));
        assert!(refused(&[700], &[]) && refused(&[], &[999]) && refused(&[1000], &[]));
        assert!(refused(&[404, 404], &[]) && refused(&[], &[5, 5]) && refused(&[404], &[404]));
        static MANY: [u16; 17] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
        assert!(refused(&MANY, &[]) && refused(&[], &MANY));
        assert!(!refused(&[0, 16, 100, 599], &[404]));
    }
}
