//! The word that was probably meant.

/// The known word that is nearest to an unknown one, unless none is near: at most a third of
/// its letters differ, where an inserted, a missing, a wrong and two swapped letters are one
/// difference each.
///
/// ```
/// use cargo_slo::diagnostics::nearest;
/// assert_eq!(nearest("ownre", ["service", "owner"]), Some("owner"));
/// assert_eq!(nearest("colour", ["service", "owner"]), None);
/// ```
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Longer words are nobody's slip of the finger, and would take long.
    let letters: Vec<char> = word.chars().take(101).collect();
    if letters.len() > 100 {
        return None;
    }
    known
        .into_iter()
        .map(|candidate| (distance(&letters, candidate), candidate))
        .filter(|(distance, candidate)| {
            *distance <= candidate.chars().count().max(letters.len()).div_ceil(3)
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The distance of Damerau and Levenshtein, in its form for non-overlapping swaps.
fn distance(a: &[char], b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in b.iter().enumerate() {
            let changed = last[j] + usize::from(letter != other);
            let mut least = changed.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *letter == b[j - 1] && a[i - 1] == *other {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
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
            ("dependencies", Some("dependency")),
            ("reviews", Some("review")),
            ("budget", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known), meant, "{word}");
        }
        assert_eq!(nearest(&"a".repeat(5000), known), None);
    }
}
