//! The words of the field, each with one meaning.

/// A word and its meaning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Term {
    /// The word; other forms of it follow in brackets.
    pub(crate) name: &'static str,
    /// What it means.
    pub(crate) text: &'static str,
}

impl Term {
    /// Whether it is what is asked for: the word, or one of the forms in brackets.
    pub(crate) fn is_called(&self, word: &str) -> bool {
        let word = word.to_lowercase().replace('-', " ");
        let mut forms = self.name.split(['(', ',', ')']);
        !word.is_empty() && forms.any(|form| form.trim().to_lowercase().replace('-', " ") == word)
    }
}

/// All words, in order.
pub(crate) fn terms() -> impl Iterator<Item = Term> {
    let sections = include_str!("glossary.md").split("\n## ").skip(1);
    sections.filter_map(|section| {
        let (name, text) = section.split_once('\n')?;
        Some(Term {
            name: name.trim(),
            text: text.trim(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_order_and_say_something() {
        let names: Vec<_> = terms().map(|term| term.name.to_lowercase()).collect();
        assert!(names.is_sorted(), "{names:?}");
        assert!(names.len() > 20);
        assert!(terms().all(|term| term.text.len() > 40 && term.text.ends_with('.')));
    }

    #[test]
    fn words_are_found_by_each_form() {
        for word in [
            "SLO",
            "slo",
            "service level objective",
            "error-budget",
            "Burn rate",
        ] {
            assert!(terms().any(|term| term.is_called(word)), "{word}");
        }
        assert!(!terms().any(|term| term.is_called("")));
    }
}
