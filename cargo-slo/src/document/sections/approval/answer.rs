//! The answer to a review, written as far as it is known.

use crate::{
    definition::{Slo, value_hash},
    document::{
        model::Line,
        review_link::{Answer, ReviewLink},
        sections::{former, overview, reviews, subject::About},
        text::fill,
    },
    input::manifest::Verdict,
    text::toml,
};

/// The address of the form, with the SLO, its value, what changed since the last yes, and the review
/// as `slo.toml` takes it.
pub(super) fn address(about: &About<'_>, slo: &Slo, link: &ReviewLink) -> String {
    let texts = &about.texts.approval;
    let name = slo.identity.name_in_service();
    let full = format!("{}/{name}", slo.identity.service);
    let hash = value_hash(slo);
    let title = fill(texts.review_title, &[("slo", Line::said(&full))]).plain();
    let places = [
        ("slo", Line::said(&full)),
        ("promise", overview::promise(about, slo)),
        ("window", Line::text(about.texts.window(slo.window))),
        ("changes", changes(about, slo)),
    ];
    let body = format!(
        "{}\n\n[[review]]\nslo = {}\nverdict = \"satisfying\"\nby = \"\"\ndate = YYYY-MM-DD\nof = \"{hash}\"\n",
        fill(texts.review_body, &places).plain(),
        toml::quoted(&name),
    );
    link.fill(&Answer {
        service: &slo.identity.service,
        slo: &name,
        hash: &hash,
        title: &title,
        body: &body,
    })
}

/// What changed since somebody who uses the service said yes.
fn changes(about: &About<'_>, slo: &Slo) -> Line {
    let texts = &about.texts.approval;
    let Some(review) = reviews::last(about, slo, Verdict::Satisfying) else {
        return Line::text(texts.review_first);
    };
    let approved = review.of.get_ref();
    if *approved == value_hash(slo) {
        return Line::text(texts.review_same);
    }
    match former::approved(about, slo, approved) {
        None => Line::text(texts.review_unknown),
        Some(before) => {
            let window = Line::text(about.texts.window(before.window));
            let promise = overview::promise(about, &before);
            let before = promise.and(Line::text(about.texts.comma)).and(window);
            fill(texts.review_changed, &[("before", before)])
        }
    }
}
