//! How urgent something is.

use super::text::Texts;
use crate::live::view::{JourneyView, Severity, SloView, WouldPage};

/// The state of an SLO, or of a journey by its worst SLO.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    NoSlo,
    NoEvent,
    Calm,
    Spent,
    Ticket,
    Page,
}

impl State {
    pub(super) fn from_slo(slo: &SloView) -> State {
        let is_spent = slo.budget_left.is_some_and(|left| left <= 0.0);
        match &slo.would_page {
            WouldPage::Yes { condition } => match condition.severity {
                Severity::Page => State::Page,
                Severity::Ticket => State::Ticket,
            },
            _ if is_spent => State::Spent,
            _ if slo.good_share.is_some() => State::Calm,
            _ => State::NoEvent,
        }
    }

    pub(super) fn from_journey(journey: &JourneyView) -> State {
        let steps = journey.steps.iter().flat_map(|step| &step.slos);
        let slos = journey.slos.iter().chain(steps);
        slos.map(State::from_slo).max().unwrap_or(State::NoSlo)
    }

    /// The class that colours it.
    pub(super) const fn class(self) -> &'static str {
        match self {
            State::NoSlo | State::NoEvent => "state",
            State::Calm => "state good",
            State::Spent | State::Ticket => "state open",
            State::Page => "state bad",
        }
    }

    pub(super) const fn word(self, texts: &Texts) -> &'static str {
        match self {
            State::NoSlo => texts.alert.no_slo,
            State::NoEvent => texts.alert.no_event,
            State::Calm => texts.alert.calm,
            State::Spent => texts.alert.spent,
            State::Ticket => texts.alert.ticket,
            State::Page => texts.alert.page,
        }
    }
}
