//! A count that is known exactly, or within bounds.

use std::fmt;

/// At least and at most this many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Range {
    /// At least.
    pub(crate) least: u64,
    /// At most.
    pub(crate) most: u64,
}

impl Range {
    /// One more, for sure, perhaps, or not at all.
    pub(crate) fn add(&mut self, one: Share) {
        self.least += u64::from(one == Share::Surely);
        self.most += u64::from(one != Share::Not);
    }

    /// The sum of both.
    #[must_use]
    pub(crate) fn plus(self, other: Range) -> Range {
        Range {
            least: self.least + other.least,
            most: self.most + other.most,
        }
    }

    /// True where a count lies within the bounds.
    pub(crate) fn holds(self, count: u64) -> bool {
        (self.least..=self.most).contains(&count)
    }

    /// True where it is one number.
    pub(crate) fn is_exact(self) -> bool {
        self.least == self.most
    }
}

/// Whether an event is one of those that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Share {
    /// It is.
    Surely,
    /// The client can't know.
    Perhaps,
    /// It is not.
    Not,
}

impl Share {
    /// No more than perhaps.
    #[must_use]
    pub(crate) fn doubted(self, doubt: bool) -> Share {
        if doubt && self == Share::Surely {
            Share::Perhaps
        } else {
            self
        }
    }

    /// The opposite.
    #[must_use]
    pub(crate) fn not(self) -> Share {
        match self {
            Share::Surely => Share::Not,
            Share::Perhaps => Share::Perhaps,
            Share::Not => Share::Surely,
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Range { least, most } = self;
        f.pad(&if self.is_exact() {
            least.to_string()
        } else {
            format!("{least} to {most}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubt_widens_a_range() {
        let mut range = Range::default();
        range.add(Share::Surely);
        range.add(Share::Not);
        assert_eq!((range.to_string().as_str(), range.is_exact()), ("1", true));
        range.add(Share::Perhaps);
        range.add(Share::Surely.doubted(true));
        assert_eq!(range.to_string(), "1 to 3");
        assert!(range.holds(1) && range.holds(3) && !range.holds(0) && !range.holds(4));
        assert_eq!(range.plus(range).to_string(), "2 to 6");
    }
}
