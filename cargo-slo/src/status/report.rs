//! Where all SLOs of a fleet stand.

use super::{
    asked::{self, keys},
    calendar::Forecast,
    corrected::{self, Corrected, Stretches},
    deploy::{self, SinceDeploy},
    hours::HourSamples,
    judged::{All, Earlier},
    period,
    recorded::{Counted, Key, Question, Recorded, Store},
    spent::{self, Episode},
    standing::{Back, Budget, Pace},
    summary::summary,
};
use crate::{
    definition::{Identity, Slo},
    fleet::{
        Fleet, Subject,
        dependencies::{direct, is_used_by},
    },
    input::{http::AskError, manifest::PolicyLevel},
};
use jiff::tz::TimeZone;
use serde::Serialize;
use slo_model::{Decimal, budget::Counts};
use std::collections::BTreeMap;

/// Where all SLOs stand.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// The moment, in seconds since 1970.
    pub at: i64,
    /// All of it in a sentence.
    pub summary: String,
    /// The SLOs, in the order of their definition.
    pub slos: Vec<Status>,
    /// What was asked of the store.
    #[serde(skip)]
    pub asked: Vec<Question>,
}

/// How an SLO is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Too much of its budget was left, window after window.
    OverAchieved,
    /// Something is left of its budget.
    Ok,
    /// Nothing is left of it.
    Spent,
    /// What the store says can't be counted with.
    Unknown,
    /// The store has nothing of it any more.
    NoData,
    /// The store never had anything of it, as far back as its window.
    NotMeasured,
}

impl State {
    /// True if the store has nothing of it, or nothing any more.
    pub const fn is_without_data(self) -> bool {
        matches!(self, State::NoData | State::NotMeasured)
    }

    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            State::OverAchieved => "over-achieved",
            State::Ok => "ok",
            State::Spent => "spent",
            State::Unknown => "unknown",
            State::NoData => "no data",
            State::NotMeasured => "not measured",
        }
    }
}

/// Where one SLO stands.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Status {
    /// Its identity.
    pub slo: String,
    /// The service of that name it is about, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// The title of its journey; empty without one.
    pub title: String,
    /// In percent.
    pub target: String,
    /// `30d`, `calendar-month`.
    pub window: String,
    /// How it is doing.
    pub state: State,
    /// Why it is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// When the last full hour ended that was counted of it, in seconds since 1970, where it has no
    /// data any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_counted: Option<i64>,
    /// What the window covers, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<[i64; 2]>,
    /// What is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
    /// What is left without the stretches that are corrected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected: Option<Corrected>,
    /// What the whole calendar period may still hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forecast: Option<Forecast>,
    /// How fast it is spent.
    pub paces: Vec<Pace>,
    /// When something is left again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub back: Option<Back>,
    /// What the policy says about what is left now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Reached>,
    /// The levels of the policy that are reached, from all of the budget downwards.
    #[serde(skip)]
    pub reached: Vec<Reached>,
    /// How much of it was left, where that is too much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over_achieved: Option<OverAchieved>,
    /// Processes that ended before all they counted was exported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unclean_ends: Option<UncleanEnds>,
    /// Alerts that fire: severity and name.
    pub firing: Vec<String>,
    /// What else is to be known.
    pub remarks: Vec<String>,
    /// Who spent it, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spent: Option<Vec<Episode>>,
    /// What was counted since the last deployment, where who spent it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since_deploy: Option<SinceDeploy>,
    /// Where it stands what to do.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub runbook: String,
    /// Whose numbers they are.
    #[serde(skip)]
    pub(super) key: Key,
    /// The events of the window, for those who decide by them.
    #[serde(skip)]
    pub counts: Option<Counts>,
}

/// A level of the policy that is reached.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Reached {
    /// What is left at most, in percent.
    pub left: String,
    /// `nothing`, `review` or `freeze`.
    pub then: &'static str,
    /// When more is left again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<Back>,
}

/// A budget that was left unspent in each of the last windows.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct OverAchieved {
    /// So much, or more, was left at the end of each, in percent.
    pub left: String,
    /// How many windows, the one that ends now among them.
    pub windows: usize,
    /// What the policy says to do: `loosen`, `ship` or `rehearse`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub then: Option<&'static str>,
}

/// Processes of which the last export had events in flight, so that no export says how these ended.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct UncleanEnds {
    /// How many processes, in the last [`ENDED_HOURS`](super::earlier::ENDED_HOURS).
    pub processes: u64,
    /// Their events in flight: at least so many are not counted.
    pub events: u64,
}

/// Returns the share of a budget, 0 to 1, that a level of a policy is about.
pub fn share(level: &PolicyLevel) -> Decimal {
    level.left.get_ref().percent().times(Decimal::new(1, 100))
}

/// Asks a store where the SLOs of a fleet stand. Calendar periods are those of the time zone.
///
/// # Errors
/// If the store can't be asked.
pub fn report(fleet: &Fleet<'_>, store: &Store<'_>, zone: &TimeZone) -> Result<Report, AskError> {
    let mut recorded = store.recorded(&asked::paces(fleet))?;
    let mut asked = Vec::new();
    for subject in &fleet.subjects {
        for slo in &subject.service.slos {
            asked.extend(asked::found(subject, slo, &recorded));
        }
    }
    let earlier = Earlier {
        windows: store.earlier_windows(&asked::hoarding(&asked), &mut recorded.asked)?,
        last_hours: asked::last_hours(&asked, store, &mut recorded.asked)?,
        in_flight: store.ended_in_flight(&mut recorded.asked)?,
    };
    recorded.full_hours = asked::full_hours(&asked, store, &mut recorded.asked)?;
    let stretches = corrected::stretches(&asked, store, zone, &mut recorded.asked)?;
    let mut slos = Vec::new();
    for part in asked::parts(&asked) {
        let hours = asked::hours(part, store, &mut recorded.asked)?;
        let mut before = BTreeMap::new();
        for window in asked::calendar_windows(part) {
            if let Ok(period) = period::of(window, store.now, zone)
                && period.start % 3600 != 0
            {
                let slos = asked::names(part.iter().filter(|asked| asked.slo.window == window));
                before.extend(store.begun(&slos, period.start, &mut recorded.asked)?);
            }
        }
        let all = All {
            recorded: &recorded,
            earlier: &earlier,
            hours: &hours,
            stretches: &stretches,
            before: &before,
            now: store.now,
            zone,
        };
        slos.extend(part.iter().map(|asked| all.status(asked)));
    }
    Ok(Report {
        at: store.now,
        summary: summary(&slos),
        slos,
        asked: recorded.asked,
    })
}

/// Returns the report of a fleet of which the store said nothing, for a reason.
pub fn unanswered(fleet: &Fleet<'_>, now: i64, zone: &TimeZone, why: &str) -> Report {
    let recorded = Recorded::default();
    let all = All {
        recorded: &recorded,
        earlier: &Earlier::default(),
        hours: &HourSamples::default(),
        stretches: &Stretches::default(),
        before: &BTreeMap::new(),
        now,
        zone,
    };
    let mut slos = Vec::new();
    for subject in &fleet.subjects {
        for slo in &subject.service.slos {
            let asked = asked::found(subject, slo, &recorded);
            slos.extend(asked.iter().map(|asked| all.status(asked)));
        }
    }
    let mut report = Report {
        at: now,
        summary: String::new(),
        slos,
        asked: Vec::new(),
    };
    report.distrust(why);
    report
}

impl Report {
    /// Takes all numbers back: the store said that its answer is not whole.
    pub fn distrust(&mut self, why: &str) {
        for status in &mut self.slos {
            status.state = State::Unknown;
            status.why = Some(why.to_owned());
            status.budget = None;
            status.corrected = None;
            status.counts = None;
            status.forecast = None;
            status.back = None;
            status.policy = None;
            status.reached.clear();
            status.spent = None;
            status.since_deploy = None;
            status.last_counted = None;
            status.over_achieved = None;
            status.unclean_ends = None;
            status.paces.clear();
            status.remarks.clear();
        }
        self.summary = summary(&self.slos);
    }

    /// Keeps one SLO, so that what is said of all of them is said of it.
    pub fn retain(&mut self, slo: &str) {
        self.slos.retain(|status| status.slo == slo);
        self.summary = summary(&self.slos);
    }

    /// Adds to why nothing is known of an SLO what is known of its service.
    pub fn explain_absence(&mut self, why: impl Fn(&str, State) -> Option<String>) {
        let without = |status: &&mut Status| status.state.is_without_data();
        for status in self.slos.iter_mut().filter(without) {
            let service = status.slo.split('/').next().unwrap_or_default();
            if let (Some(told), Some(more)) = (&mut status.why, why(service, status.state)) {
                *told += &more;
            }
        }
    }

    /// Asks who spent the budgets of one SLO.
    ///
    /// # Errors
    /// If the store can't be asked.
    pub fn ask_who(
        &mut self,
        slo: &str,
        fleet: &Fleet<'_>,
        store: &Store<'_>,
    ) -> Result<(), AskError> {
        let asked = &mut self.asked;
        for status in self.slos.iter_mut().filter(|status| status.slo == slo) {
            let Some([since, _]) = status.period else {
                continue;
            };
            let Some((subject, slo)) = of_name(fleet, &status.slo) else {
                continue;
            };
            let formerly: Vec<_> = slo.formerly.iter().map(Identity::to_string).collect();
            let called = direct(fleet, subject).into_iter();
            let called = called.filter(|(dependency, _)| is_used_by(dependency, slo));
            let promises = called.flat_map(|(_, call)| call.promises);
            let subject = spent::Subject {
                key: &status.key,
                formerly: &formerly,
                journey: &slo.identity.journey,
                endpoint: slo.identity.endpoint.as_deref(),
                sli: &slo.identity.sli,
                dependencies: &promises.map(|promise| promise.name()).collect::<Vec<_>>(),
            };
            let counted = status.budget.as_ref().map_or(0, |budget| budget.bad);
            match spent::spent(store, &subject, since, counted, asked)? {
                Ok(episodes) => status.spent = Some(episodes),
                Err(why) => status
                    .remarks
                    .push(format!("who spent it is not known: {why}")),
            }
            if let Some((version, began)) = deploy::newest(store, &status.key, asked)? {
                let began = began.div_euclid(1000).clamp(since, store.now);
                let mut slos = formerly.clone();
                slos.push(status.slo.clone());
                slos.sort();
                let about = "events since the last deployment";
                let counted = store.between(&slos, [began, store.now], about, asked)?;
                let counts = total(keys(slo, &status.key).filter_map(|key| counted.get(&key)));
                status.since_deploy = counts.ok().map(|counts| SinceDeploy {
                    version,
                    since: began,
                    good: counts.good,
                    bad: counts.bad,
                    burn_rate: counts.burn_rate(slo.target),
                });
            }
        }
        Ok(())
    }
}

/// All of some counts.
fn total<'a>(all: impl Iterator<Item = &'a Counted>) -> Counted {
    let mut sum = Counts::default();
    for counted in all {
        sum = sum + counted.clone()?;
    }
    Ok(sum)
}

/// An SLO of a fleet by its name.
pub fn of_name<'f, 'a>(fleet: &'f Fleet<'a>, name: &str) -> Option<(&'f Subject<'a>, &'a Slo)> {
    fleet.subjects.iter().find_map(|subject| {
        let mut slos = subject.service.slos.iter();
        let slo = slos.find(|slo| slo.identity.to_string() == name)?;
        Some((subject, slo))
    })
}
