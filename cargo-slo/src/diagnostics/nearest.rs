//! The word that was probably meant.

use strsim::osa_distance;

/// What is shorter begins many words.
const SHORTEST_START: usize = 4;

/// Returns the known word that is nearest to an unknown one, unless none is near: at most a third
/// of its letters differ, where an inserted, a missing, a wrong and two swapped letters are one
/// difference each. One that begins with the word goes before all others: it was not written to its
/// end.
///
/// ```
/// use cargo_slo::diagnostics::nearest;
/// assert_eq!(nearest("ownre", ["service", "owner"]), Some("owner"));
/// assert_eq!(nearest("a.avail", ["a.latency", "a.availability"]), Some("a.availability"));
/// assert_eq!(nearest("colour", ["service", "owner"]), None);
/// ```
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Longer words are nobody's slip of the finger, and would take long.
    let length = word.chars().take(101).count();
    if length > 100 {
        return None;
    }
    let candidates = known.into_iter().map(|candidate| {
        let is_begun = length >= SHORTEST_START && candidate.starts_with(word);
        (!is_begun, osa_distance(word, candidate), candidate)
    });
    candidates
        .filter(|(is_other, distance, candidate)| {
            !is_other || *distance <= candidate.chars().count().max(length).div_ceil(3)
        })
        .min_by_key(|(is_other, distance, _)| (*is_other, *distance))
        .map(|(_, _, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_near_and_other_words_are_not() {
        let known = ["traffic", "tier", "dependency", "review"];
        for (word, meant) in [
            ("trafic", Some("traffic")),
            ("teir", Some("tier")),
            ("itre", Some("tier")),
            ("dependencies", Some("dependency")),
            ("reviews", Some("review")),
            ("depe", Some("dependency")),
            ("dep", None),
            ("budget", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known), meant, "{word}");
        }
        assert_eq!(nearest(&"a".repeat(5000), known), None);
    }
}
