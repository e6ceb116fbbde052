//! What somebody has to decide, and where to answer.

use super::{answer, targets};
use crate::{
    definition::{Journey, Slo, value_hash},
    document::{
        model::{Line, State},
        sections::{
            journeys,
            reviews::{self, Standing},
            subject::{About, written},
        },
        text::fill,
    },
    input::{catalogue::Consumer, manifest::Verdict, values::Localized},
};

/// A unit that uses a journey.
pub(super) struct Unit<'a> {
    about: About<'a>,
    name: &'a str,
    known: Option<&'a Consumer>,
}

impl<'a> Unit<'a> {
    /// What it is called.
    pub(super) fn title(&self) -> Line {
        let title = self
            .known
            .and_then(|known| self.about.said(known.title.as_ref()?));
        title.unwrap_or_else(|| Line::code(self.name))
    }

    /// The same with who speaks for it.
    fn with_contact(&self) -> Line {
        match self
            .known
            .and_then(|known| written(known.contact.as_deref()?))
        {
            None => self.title(),
            Some(contact) => fill(
                self.about.texts.approval.unit_contact,
                &[("title", self.title()), ("contact", contact)],
            ),
        }
    }

    /// Whether reviews of it, which name it, hold for all of these SLOs.
    fn has_answered(&self, slos: &[&Slo]) -> bool {
        let reviews = self.about.facts().map_or(&[][..], |facts| &facts.review);
        let titles = self.known.and_then(|known| known.title.as_ref());
        let titles = titles.into_iter().flat_map(Localized::all);
        let names: Vec<String> = titles
            .chain([self.name])
            .map(|name| name.trim().to_lowercase())
            .collect();
        // `B. Sato, Online shop` or `佐藤（EC事業部）`: a part of it is the unit.
        let is_named = |by: &str| {
            let by = by.to_lowercase();
            let mut parts = by.split([',', '、', ';', '/', '／', '(', ')', '（', '）']);
            parts.any(|part| names.iter().any(|name| name == part.trim()))
        };
        slos.iter().all(|slo| {
            let hash = value_hash(slo);
            let mut of_slo = reviews.iter().filter(|review| {
                review.verdict == Verdict::Satisfying
                    && *review.slo.get_ref() == slo.identity.name_in_service()
            });
            of_slo.any(|review| *review.of.get_ref() == hash && is_named(&review.by))
        })
    }
}

/// The units that a journey names.
pub(super) fn units<'a>(
    about: &About<'a>,
    journey: &Journey,
) -> impl Iterator<Item = Unit<'a>> + use<'a> {
    let about = *about;
    let said = journeys::facts_of(&about, &journey.record.name);
    let names = said.map_or(&[][..], |said| &said.consumers);
    names.iter().map(move |name| Unit {
        about,
        name: name.get_ref(),
        known: about.known.subject.catalogue.consumers.get(name.get_ref()),
    })
}

/// What is asked, a point each.
pub(super) fn points(about: &About<'_>, journey: &Journey, slos: &[&Slo]) -> Vec<Line> {
    let texts = &about.texts.approval;
    let mut points: Vec<Line> = slos.iter().map(|slo| question(about, slo)).collect();
    points.extend(decisions(about, slos));
    points.extend(units(about, journey).map(|unit| {
        let (state, word) = match unit.has_answered(slos) {
            true => (State::Good, texts.unit_answered),
            false => (State::Open, texts.unit_open),
        };
        let name = unit.with_contact().and(Line::text(about.texts.colon));
        name.and(Line::state(state, word))
    }));
    if about.known.review_link.is_none() {
        let owner = ("owner", journeys::owner(about, journey));
        points.push(fill(texts.answer_to, &[owner]));
    }
    points
}

/// What an SLO asks of those who use the service.
fn question(about: &About<'_>, slo: &Slo) -> Line {
    let texts = &about.texts.approval;
    let promise = || ("promise", targets::promise(about, slo));
    let standing = |verdict| reviews::standing(about, slo, verdict);
    let (satisfying, achievable) = (standing(Verdict::Satisfying), standing(Verdict::Achievable));
    let line = match (satisfying, achievable) {
        (Standing::Holds, Standing::Missing) => {
            return fill(texts.achievable_missing, &[promise()]);
        }
        (Standing::Holds, _) => return fill(texts.approved, &[promise()]),
        (Standing::Missing, _) => fill(texts.satisfied, &[promise()]),
        _ => fill(texts.renew, &[promise()]),
    };
    match about.known.review_link {
        None => line,
        Some(link) => {
            let address = answer::address(about, slo, link);
            let label = Line::text(texts.answer_here);
            line.and(Line::text(" ")).and(Line::link(&address, label))
        }
    }
}

/// What rules find that is for her to decide.
fn decisions(about: &About<'_>, slos: &[&Slo]) -> Vec<Line> {
    let texts = &about.texts.approval;
    let for_her = [
        ("loss-above-tolerable", texts.loss_above_tolerable),
        ("never-satisfying", texts.never_satisfying),
        ("target-above-dependency", texts.target_above_dependency),
    ];
    let is_own = |on: &String| slos.iter().any(|slo| slo.identity.name_in_service() == *on);
    let found = about.found.iter();
    let found = found.filter(|(_, on)| on.iter().any(is_own));
    let told = found.filter_map(|(rule, _)| {
        let (_, text) = for_her.iter().find(|(name, _)| *name == rule.name)?;
        Some(Line::text(*text))
    });
    told.collect()
}
