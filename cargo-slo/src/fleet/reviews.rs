//! Who said what about a target.

use crate::input::manifest::Review;

/// The last review of each kind that an SLO has.
pub(crate) fn last_words<'a>(reviews: &'a [Review], slo: &str) -> Vec<&'a Review> {
    let of_slo = || reviews.iter().filter(|review| review.slo.get_ref() == slo);
    of_slo()
        .filter(|review| {
            // Of two on one day, the one further down is the later one.
            let last = of_slo()
                .filter(|other| other.verdict == review.verdict)
                .max_by_key(|other| other.date);
            last.is_some_and(|last| std::ptr::eq(last, *review))
        })
        .collect()
}
