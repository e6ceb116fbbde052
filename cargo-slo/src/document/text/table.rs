//! What there is to be said.

use super::{Counted, approval::Approval, measured::Measured, uncounted::Uncounted};

/// What is said, with places in braces to be filled in, and names in backticks.
type Text = &'static str;

/// All words of a document in one language.
#[derive(Debug)]
pub(in crate::document) struct Texts {
    /// The tag of the language, as in BCP 47.
    pub(in crate::document) tag: Text,
    /// How a day is written; nothing for year, month and day with hyphens.
    pub(in crate::document) date: Text,
    /// What stands between the items of a list within a sentence.
    pub(in crate::document) comma: Text,
    /// What stands between a name and what is said about it.
    pub(in crate::document) colon: Text,
    /// What stands between remarks.
    pub(in crate::document) semicolon: Text,
    /// A chance that is too small to be told.
    pub(in crate::document) small_chance: Text,
    pub(in crate::document) units: Units,
    pub(in crate::document) windows: Windows,
    pub(in crate::document) page: Page,
    pub(in crate::document) overview: Overview,
    pub(in crate::document) journeys: Journeys,
    pub(in crate::document) slis: Slis,
    pub(in crate::document) judging: Judging,
    pub(in crate::document) alerts: Alerts,
    pub(in crate::document) policy: Policy,
    pub(in crate::document) dependencies: Dependencies,
    pub(in crate::document) worth: Worth,
    pub(in crate::document) reviews: Reviews,
    pub(in crate::document) history: History,
    pub(in crate::document) approval: Approval,
    pub(in crate::document) measured: Measured,
    pub(in crate::document) uncounted: Uncounted,
    pub(in crate::document) glossary: Glossary,
}

/// Lengths of time.
#[derive(Debug)]
pub(in crate::document) struct Units {
    pub(in crate::document) days: Counted,
    pub(in crate::document) hours: Counted,
    pub(in crate::document) minutes: Counted,
    pub(in crate::document) seconds: Counted,
    pub(in crate::document) milliseconds: Counted,
    pub(in crate::document) pair: Text,
}

/// Periods of SLOs.
#[derive(Debug)]
pub(in crate::document) struct Windows {
    pub(in crate::document) rolling: Counted,
    pub(in crate::document) week: Text,
    pub(in crate::document) month: Text,
    pub(in crate::document) quarter: Text,
    pub(in crate::document) year: Text,
    pub(in crate::document) about: Text,
}

/// What stands around the content.
#[derive(Debug)]
pub(in crate::document) struct Page {
    pub(in crate::document) title: Text,
    pub(in crate::document) lead: Text,
    pub(in crate::document) contents: Text,
    pub(in crate::document) skip: Text,
    pub(in crate::document) generated: Text,
    pub(in crate::document) good: Text,
    pub(in crate::document) open: Text,
    pub(in crate::document) bad: Text,
    pub(in crate::document) note: Text,
}

/// The service at a glance.
#[derive(Debug)]
pub(in crate::document) struct Overview {
    pub(in crate::document) heading: Text,
    pub(in crate::document) what: Text,
    pub(in crate::document) what_missing: Text,
    pub(in crate::document) owner: Text,
    pub(in crate::document) owner_missing: Text,
    pub(in crate::document) tier: Text,
    pub(in crate::document) extent: Text,
    pub(in crate::document) extent_text: Text,
    pub(in crate::document) slos: Counted,
    pub(in crate::document) journeys: Counted,
    pub(in crate::document) endpoints: Counted,
    pub(in crate::document) caption: Text,
    pub(in crate::document) slo: Text,
    pub(in crate::document) promise: Text,
    pub(in crate::document) window: Text,
    pub(in crate::document) outage: Text,
    pub(in crate::document) outage_slow: Text,
    pub(in crate::document) bad_events: Text,
    pub(in crate::document) approved: Text,
    pub(in crate::document) unknown_traffic: Text,
    pub(in crate::document) none: Text,
    pub(in crate::document) not_known_here: Text,
    pub(in crate::document) promised_availability: Text,
    pub(in crate::document) promised_latency: Text,
}

/// The journeys and their SLOs.
#[derive(Debug)]
pub(in crate::document) struct Journeys {
    pub(in crate::document) heading: Text,
    pub(in crate::document) intro: Text,
    pub(in crate::document) name: Text,
    pub(in crate::document) user: Text,
    pub(in crate::document) when_it_fails: Text,
    pub(in crate::document) owner: Text,
    pub(in crate::document) about: Text,
    pub(in crate::document) runbook: Text,
    pub(in crate::document) missing: Text,
    pub(in crate::document) steps: Text,
    pub(in crate::document) step: Text,
    pub(in crate::document) route: Text,
    pub(in crate::document) no_route: Text,
    pub(in crate::document) counted: Text,
    pub(in crate::document) request: Text,
    pub(in crate::document) grpc: Text,
    pub(in crate::document) job: Text,
    pub(in crate::document) call: Text,
    pub(in crate::document) event: Text,
    pub(in crate::document) remarks: Text,
    pub(in crate::document) until_headers: Text,
    pub(in crate::document) good_status: Text,
    pub(in crate::document) bad_status: Text,
    pub(in crate::document) target: Text,
    pub(in crate::document) target_text: Text,
    pub(in crate::document) budget: Text,
    pub(in crate::document) budget_share: Text,
    pub(in crate::document) in_time: Text,
    pub(in crate::document) in_time_text: Text,
    pub(in crate::document) in_time_slow: Text,
    pub(in crate::document) in_events: Text,
    pub(in crate::document) in_events_text: Text,
    pub(in crate::document) in_events_none: Text,
    pub(in crate::document) in_events_unknown: Text,
    pub(in crate::document) few_events: Text,
    pub(in crate::document) formerly: Text,
    pub(in crate::document) formerly_text: Text,
}

/// What is measured, in words.
#[derive(Debug)]
pub(in crate::document) struct Slis {
    pub(in crate::document) of_requests: Text,
    pub(in crate::document) of_calls: Text,
    pub(in crate::document) of_runs: Text,
    pub(in crate::document) of_runs_due: Text,
    pub(in crate::document) of_events: Text,
    pub(in crate::document) of_one_step: Text,
    pub(in crate::document) of_steps: Text,
    pub(in crate::document) available: Text,
    pub(in crate::document) available_runs: Text,
    pub(in crate::document) whole: Text,
    pub(in crate::document) head: Text,
    pub(in crate::document) runs_in_time: Text,
    pub(in crate::document) events_in_time: Text,
    pub(in crate::document) own_limits: Text,
    pub(in crate::document) own_limit: Text,
    pub(in crate::document) sentence: Text,
}

/// How events are judged.
#[derive(Debug)]
pub(in crate::document) struct Judging {
    pub(in crate::document) heading: Text,
    pub(in crate::document) intro: Text,
    pub(in crate::document) caption: Text,
    pub(in crate::document) ending: Text,
    pub(in crate::document) availability: Text,
    pub(in crate::document) latency: Text,
    pub(in crate::document) good: Text,
    pub(in crate::document) bad: Text,
    pub(in crate::document) excluded: Text,
    pub(in crate::document) in_time_else: Text,
    /// In the order of [`slo_model::Ending::ALL`].
    pub(in crate::document) endings: [Text; 11],
    pub(in crate::document) own_status: Text,
}

/// Who is told, and when.
#[derive(Debug)]
pub(in crate::document) struct Alerts {
    pub(in crate::document) heading: Text,
    pub(in crate::document) intro: Text,
    pub(in crate::document) setting: Text,
    pub(in crate::document) group: Text,
    pub(in crate::document) holds_for: Text,
    pub(in crate::document) caption: Text,
    pub(in crate::document) alert: Text,
    pub(in crate::document) page: Text,
    pub(in crate::document) ticket: Text,
    pub(in crate::document) factor: Text,
    pub(in crate::document) windows: Text,
    pub(in crate::document) threshold: Text,
    pub(in crate::document) spent: Text,
    pub(in crate::document) outage_seen: Text,
    pub(in crate::document) tenth_seen: Text,
    pub(in crate::document) never: Text,
    pub(in crate::document) silent: Text,
    pub(in crate::document) what_to_do: Text,
    pub(in crate::document) on_page: Text,
    pub(in crate::document) on_ticket: Text,
    pub(in crate::document) runbooks: Text,
    pub(in crate::document) runbook: Text,
    pub(in crate::document) no_runbook: Text,
}

/// What happens at which level of the budget.
#[derive(Debug)]
pub(in crate::document) struct Policy {
    pub(in crate::document) heading: Text,
    pub(in crate::document) intro: Text,
    pub(in crate::document) named: Text,
    pub(in crate::document) unknown: Text,
    pub(in crate::document) none: Text,
    pub(in crate::document) caption: Text,
    pub(in crate::document) left: Text,
    pub(in crate::document) then: Text,
    pub(in crate::document) details: Text,
    pub(in crate::document) from: Text,
    pub(in crate::document) spent: Text,
    pub(in crate::document) nothing: Text,
    pub(in crate::document) review: Text,
    pub(in crate::document) freeze: Text,
    pub(in crate::document) freeze_participants: Text,
    pub(in crate::document) above: Text,
    pub(in crate::document) unspent: Text,
    pub(in crate::document) loosen: Text,
    pub(in crate::document) ship: Text,
    pub(in crate::document) rehearse: Text,
    pub(in crate::document) picture: Text,
    pub(in crate::document) picture_part: Text,
}

/// Who is called.
#[derive(Debug)]
pub(in crate::document) struct Dependencies {
    pub(in crate::document) heading: Text,
    pub(in crate::document) intro: Text,
    pub(in crate::document) none: Text,
    pub(in crate::document) caption: Text,
    pub(in crate::document) service: Text,
    pub(in crate::document) kind: Text,
    pub(in crate::document) hard: Text,
    pub(in crate::document) soft: Text,
    pub(in crate::document) used_by: Text,
    pub(in crate::document) everything: Text,
    pub(in crate::document) promises: Text,
    pub(in crate::document) promised: Text,
    pub(in crate::document) promises_nothing: Text,
    pub(in crate::document) unknown: Text,
    pub(in crate::document) owner: Text,
    pub(in crate::document) otherwise: Text,
    pub(in crate::document) fails_too: Text,
    pub(in crate::document) because: Text,
    pub(in crate::document) picture: Text,
    pub(in crate::document) picture_call: Text,
    pub(in crate::document) this_service: Text,
    pub(in crate::document) more: Counted,
}

/// What events and budgets are worth.
#[derive(Debug)]
pub(in crate::document) struct Worth {
    pub(in crate::document) heading: Text,
    pub(in crate::document) intro: Text,
    pub(in crate::document) none: Text,
    pub(in crate::document) caption: Text,
    pub(in crate::document) slo: Text,
    pub(in crate::document) per_event: Text,
    pub(in crate::document) at_stake: Text,
    pub(in crate::document) budget: Text,
    pub(in crate::document) tolerable: Text,
    pub(in crate::document) verdict: Text,
    pub(in crate::document) within: Text,
    pub(in crate::document) above: Text,
    pub(in crate::document) currencies: Text,
    pub(in crate::document) not_said: Text,
    pub(in crate::document) no_traffic: Text,
    pub(in crate::document) money: Text,
    pub(in crate::document) yen: Text,
}

/// Who said what, and what is accepted.
#[derive(Debug)]
pub(in crate::document) struct Reviews {
    pub(in crate::document) heading: Text,
    pub(in crate::document) intro: Text,
    pub(in crate::document) caption: Text,
    pub(in crate::document) slo: Text,
    pub(in crate::document) achievable: Text,
    pub(in crate::document) satisfying: Text,
    pub(in crate::document) approved: Text,
    pub(in crate::document) void: Text,
    pub(in crate::document) void_text: Text,
    pub(in crate::document) void_unknown: Text,
    pub(in crate::document) overdue: Text,
    pub(in crate::document) missing: Text,
    pub(in crate::document) said: Text,
    pub(in crate::document) judged: Text,
    pub(in crate::document) not_judged: Text,
    pub(in crate::document) both: Text,
    pub(in crate::document) some: Text,
    pub(in crate::document) late: Text,
    pub(in crate::document) value_now: Text,
    pub(in crate::document) codes: Text,
    pub(in crate::document) exceptions: Text,
    pub(in crate::document) exceptions_intro: Text,
    pub(in crate::document) rule: Text,
    pub(in crate::document) finding: Text,
    pub(in crate::document) on: Text,
    pub(in crate::document) everything: Text,
    pub(in crate::document) reason: Text,
    pub(in crate::document) no_reason: Text,
    pub(in crate::document) findings: Text,
    pub(in crate::document) findings_none: Text,
    pub(in crate::document) findings_none_measured: Text,
    pub(in crate::document) findings_intro: Text,
    pub(in crate::document) level: Text,
    pub(in crate::document) error: Text,
    pub(in crate::document) warning: Text,
    pub(in crate::document) note: Text,
    pub(in crate::document) count: Text,
}

/// What was different before.
#[derive(Debug)]
pub(in crate::document) struct History {
    pub(in crate::document) heading: Text,
    pub(in crate::document) intro: Text,
    pub(in crate::document) settled: Text,
    pub(in crate::document) left_out: Text,
    pub(in crate::document) nothing_kept: Text,
    pub(in crate::document) no_repository: Text,
    pub(in crate::document) unchanged: Text,
    pub(in crate::document) caption: Text,
    pub(in crate::document) when: Text,
    pub(in crate::document) who: Text,
    pub(in crate::document) what: Text,
    pub(in crate::document) before: Text,
    pub(in crate::document) after: Text,
    pub(in crate::document) present: Text,
    pub(in crate::document) absent: Text,
    pub(in crate::document) commit: Text,
    pub(in crate::document) traffic: Text,
    pub(in crate::document) when_it_fails: Text,
    pub(in crate::document) per_event: Text,
    pub(in crate::document) tolerable_loss: Text,
    /// Per second, minute, hour, day, week, month and year.
    pub(in crate::document) rates: [Text; 7],
}

/// A word and what it means.
#[derive(Debug)]
pub(in crate::document) struct Term {
    pub(in crate::document) name: Text,
    pub(in crate::document) text: Text,
}

/// The words that readers may not know.
#[derive(Debug)]
pub(in crate::document) struct Glossary {
    pub(in crate::document) heading: Text,
    pub(in crate::document) availability: Term,
    pub(in crate::document) budget_policy: Term,
    pub(in crate::document) burn_rate: Term,
    pub(in crate::document) dependency: Term,
    pub(in crate::document) error_budget: Term,
    pub(in crate::document) event: Term,
    pub(in crate::document) journey: Term,
    pub(in crate::document) latency: Term,
    pub(in crate::document) objective: Term,
    pub(in crate::document) page: Term,
    pub(in crate::document) review: Term,
    pub(in crate::document) sli: Term,
    pub(in crate::document) target: Term,
    pub(in crate::document) threshold: Term,
    pub(in crate::document) tolerable_loss: Term,
    pub(in crate::document) window: Term,
}
