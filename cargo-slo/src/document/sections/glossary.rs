//! The words of the document that readers may not know.

use super::subject::{About, section as empty};
use crate::document::model::{Block, Line, Section};

pub(super) fn section(about: &About<'_>) -> Section {
    let texts = &about.texts.glossary;
    // Each after those that its text uses, as far as that goes.
    let terms = [
        &texts.journey,
        &texts.event,
        &texts.sli,
        &texts.availability,
        &texts.latency,
        &texts.threshold,
        &texts.target,
        &texts.window,
        &texts.objective,
        &texts.error_budget,
        &texts.burn_rate,
        &texts.page,
        &texts.budget_policy,
        &texts.review,
        &texts.tolerable_loss,
        &texts.dependency,
    ];
    let mut section = empty("glossary", texts.heading);
    let terms = terms.map(|term| (Line::text(term.name), Line::text(term.text)));
    section.blocks.push(Block::Facts(terms.into()));
    section
}

#[cfg(test)]
mod tests {
    use crate::{cli::terms, document::Language};

    /// The document's words are those of `cargo slo explain`, which says more about each.
    #[test]
    fn each_word_is_one_of_the_glossary() {
        let debug = format!("{:?}", Language::English.texts().glossary);
        let names = debug.split("Term { name: \"").skip(1);
        let mut count = 0;
        for name in names.filter_map(|rest| rest.split('"').next()) {
            assert!(terms().any(|term| term.is_called(name)), "{name}");
            count += 1;
        }
        assert_eq!(count, 16);
    }
}
