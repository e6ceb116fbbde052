//! Where all SLOs of a fleet stand.

use super::{
    calendar::{self, Forecast},
    period::{self, Period},
    recorded::{Counted, Hours, Key, Question, Recorded, Store},
    recovery::Level,
    spent::{self, Episode},
    standing::{self, Back, Budget, ByHour, Pace, paces},
};
use crate::{
    definition::{Identity, Slo},
    fleet::{
        Fleet, Subject,
        dependencies::{direct, is_used_by},
    },
    input::{
        http::AskError,
        manifest::{PolicyLevel, Then},
    },
    text::numbers::counted,
};
use jiff::tz::TimeZone;
use serde::Serialize;
use slo_model::{Decimal, Window, budget::Counts};
use std::collections::BTreeMap;

/// What is recorded is looked at once a minute; older than this, in seconds, it is said.
const LATE: i64 = 180;

/// So many SLOs are named in a sentence.
const NAMED: usize = 3;

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
    /// Something is left of its budget.
    Ok,
    /// Nothing is left of it.
    Spent,
    /// What the store says can't be counted with.
    Unknown,
    /// The store has nothing of it.
    NoData,
}

impl State {
    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Spent => "spent",
            State::Unknown => "unknown",
            State::NoData => "no data",
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
    /// What the window covers, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<[i64; 2]>,
    /// What is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
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
    /// Alerts that fire: severity and name.
    pub firing: Vec<String>,
    /// What else is to be known.
    pub remarks: Vec<String>,
    /// Who spent it, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spent: Option<Vec<Episode>>,
    /// Whose numbers they are.
    #[serde(skip)]
    key: Key,
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

/// Returns the share of a budget, 0 to 1, that a level of a policy is about.
pub fn share(level: &PolicyLevel) -> Decimal {
    level.left.get_ref().percent().times(Decimal::new(1, 100))
}

const fn word(then: Then) -> &'static str {
    match then {
        Then::Nothing => "nothing",
        Then::Review => "review",
        Then::Freeze => "freeze",
    }
}

/// An SLO, and whose numbers it is asked about.
struct Asked<'a> {
    subject: &'a Subject<'a>,
    slo: &'a Slo,
    key: Key,
    is_one_of_several: bool,
    counted: Option<Counted>,
}

/// Asks a store where the SLOs of a fleet stand. Calendar periods are those of the time zone.
///
/// # Errors
/// If the store can't be asked.
pub fn report(fleet: &Fleet<'_>, store: &Store<'_>, zone: &TimeZone) -> Result<Report, AskError> {
    let mut recorded = store.recorded()?;
    let mut asked = Vec::new();
    for subject in &fleet.subjects {
        for slo in &subject.service.slos {
            asked.extend(found(subject, slo, &recorded));
        }
    }
    let hours = hours(&asked, store, &mut recorded.asked)?;
    let mut before = BTreeMap::new();
    for window in calendar_windows(&asked) {
        if let Ok(period) = period::of(window, store.now, zone)
            && period.start % 3600 != 0
        {
            let slos = names(asked.iter().filter(|asked| asked.slo.window == window));
            before.extend(store.begun(&slos, period.start, &mut recorded.asked)?);
        }
    }
    let all = All {
        recorded: &recorded,
        hours: &hours,
        before: &before,
        now: store.now,
        zone,
    };
    let slos: Vec<_> = asked.iter().map(|asked| all.status(asked)).collect();
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
        hours: &BTreeMap::new(),
        before: &BTreeMap::new(),
        now,
        zone,
    };
    let mut slos = Vec::new();
    for subject in &fleet.subjects {
        for slo in &subject.service.slos {
            let asked = found(subject, slo, &recorded);
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
            status.counts = None;
            status.forecast = None;
            status.back = None;
            status.policy = None;
            status.reached.clear();
            status.spent = None;
            status.paces.clear();
        }
        self.summary = summary(&self.slos);
    }

    /// Adds to why nothing is known of an SLO what is known of its service.
    pub fn explain_absence(&mut self, why: impl Fn(&str) -> Option<String>) {
        let without = |status: &&mut Status| status.state == State::NoData;
        for status in self.slos.iter_mut().filter(without) {
            let service = status.slo.split('/').next().unwrap_or_default();
            if let (Some(told), Some(more)) = (&mut status.why, why(service)) {
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
        }
        Ok(())
    }
}

/// An SLO of a fleet by its name.
pub fn of_name<'f, 'a>(fleet: &'f Fleet<'a>, name: &str) -> Option<(&'f Subject<'a>, &'a Slo)> {
    fleet.subjects.iter().find_map(|subject| {
        let mut slos = subject.service.slos.iter();
        let slo = slos.find(|slo| slo.identity.to_string() == name)?;
        Some((subject, slo))
    })
}

/// The numbers that are recorded of an SLO: of each job that counts for it.
fn found<'a>(subject: &'a Subject<'a>, slo: &'a Slo, recorded: &Recorded) -> Vec<Asked<'a>> {
    let first = Key {
        slo: slo.identity.to_string(),
        job: String::new(),
    };
    let its_own = recorded.window.range(first.clone()..);
    let its_own: Vec<_> = its_own
        .take_while(|(key, _)| key.slo == first.slo)
        .collect();
    let asked = |key: &Key, counted: Option<&Counted>| Asked {
        subject,
        slo,
        key: key.clone(),
        is_one_of_several: its_own.len() > 1,
        counted: counted.cloned(),
    };
    match its_own.is_empty() {
        true => vec![asked(&first, None)],
        false => its_own
            .iter()
            .map(|(key, counted)| asked(key, Some(counted)))
            .collect(),
    }
}

fn calendar_windows(asked: &[Asked<'_>]) -> Vec<Window> {
    let mut windows: Vec<Window> = Vec::new();
    for asked in asked {
        let window = asked.slo.window;
        if matches!(window, Window::Calendar(_)) && !windows.contains(&window) {
            windows.push(window);
        }
    }
    windows
}

/// The names under which something is recorded of SLOs, former ones among them.
fn names<'a>(asked: impl Iterator<Item = &'a Asked<'a>>) -> Vec<String> {
    let mut names: Vec<String> = asked
        .flat_map(|asked| {
            let former = asked.slo.formerly.iter().map(Identity::to_string);
            former.chain([asked.key.slo.clone()])
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The hours of those SLOs that need them: whose budget has to come back, or began with a calendar.
fn hours(
    asked: &[Asked<'_>],
    store: &Store<'_>,
    questions: &mut Vec<Question>,
) -> Result<BTreeMap<Key, Hours>, AskError> {
    let needed: Vec<_> = asked.iter().filter(|asked| asked.needs_hours()).collect();
    let days = needed.iter().map(|asked| match asked.slo.window {
        Window::Rolling { days } => i64::from(days),
        // The longest of its kind, and a week for the forecast.
        Window::Calendar(_) => i64::from(asked.slo.window.length_days()) + 9,
    });
    let days = days.max().unwrap_or(0);
    store.hours(&names(needed.into_iter()), days * 86_400, questions)
}

impl Asked<'_> {
    fn needs_hours(&self) -> bool {
        match (&self.counted, self.slo.window) {
            (None, _) => false,
            (Some(_), Window::Calendar(_)) => true,
            (Some(Ok(counts)), _) => {
                standing::spent(self.slo.target).is_reached(*counts)
                    || !self.reached(*counts).is_empty()
            }
            (Some(Err(_)), _) => false,
        }
    }

    /// The levels of the policy that are reached, from all of the budget downwards.
    fn reached(&self, counts: Counts) -> Vec<&PolicyLevel> {
        let policy = self.subject.policy_of(&self.slo.identity.journey);
        let mut levels = policy.levels();
        levels.retain(|level| Level::new(self.slo.target, share(level)).is_reached(counts));
        levels
    }
}

/// Everything that is known.
struct All<'a> {
    recorded: &'a Recorded,
    hours: &'a BTreeMap<Key, Hours>,
    before: &'a BTreeMap<Key, Counted>,
    now: i64,
    zone: &'a TimeZone,
}

impl All<'_> {
    fn status(&self, asked: &Asked<'_>) -> Status {
        let Asked { slo, key, .. } = asked;
        let mut journeys = asked.subject.service.journeys.iter();
        let journey = journeys.find(|journey| journey.record.name == slo.identity.journey);
        let mut status = Status {
            slo: key.slo.clone(),
            job: asked.is_one_of_several.then(|| key.job.clone()),
            title: journey.map_or_else(String::new, |journey| journey.record.title.clone()),
            target: slo.target.to_string(),
            window: slo.window.to_string(),
            state: State::Unknown,
            why: None,
            period: None,
            budget: None,
            forecast: None,
            paces: Vec::new(),
            back: None,
            policy: None,
            reached: Vec::new(),
            firing: self.recorded.firing.get(key).cloned().unwrap_or_default(),
            remarks: self.remarks(slo, key),
            counts: None,
            spent: None,
            key: key.clone(),
        };
        let judged = match &asked.counted {
            None => {
                status.state = State::NoData;
                Err("the store has no series `slo:events:sum_window` of it".to_owned())
            }
            Some(Err(why)) => Err(why.clone()),
            Some(Ok(counts)) => self.judge(asked, *counts, &mut status),
        };
        status.why = judged.err();
        status
    }

    fn judge(&self, asked: &Asked<'_>, rolling: Counts, status: &mut Status) -> Result<(), String> {
        let Asked { slo, key, .. } = asked;
        let period =
            period::of(slo.window, self.now, self.zone).map_err(|error| error.to_string())?;
        let hours = self.hours_of(slo, key);
        let counts = match slo.window {
            Window::Rolling { .. } => rolling,
            Window::Calendar(_) => {
                let counts = self.so_far(slo, key, &hours, period, rolling, status)?;
                let forecast = calendar::forecast(&hours, period, counts, slo.target, self.now);
                status.forecast = Some(forecast);
                counts
            }
        };
        let budget = Budget::new(counts, slo.target);
        let recorded = [0, 1, 2].map(|n| self.recorded.paces[n].get(key));
        status.paces = paces(recorded, budget.left_share, slo.target, slo.window);
        let empty = standing::spent(slo.target);
        status.state = match empty.is_reached(counts) {
            true => State::Spent,
            false => State::Ok,
        };
        status.period = Some([period.start, period.end]);
        status.budget = Some(budget);
        status.counts = Some(counts);
        let levels = asked.reached(counts);
        let reached = levels.iter().map(|level| Reached {
            left: format!("{}%", level.left.get_ref().percent()),
            then: word(level.then),
            ends: None,
        });
        status.reached = reached.collect();
        if levels.is_empty() && status.state == State::Ok {
            return Ok(());
        }
        match slo.window {
            Window::Rolling { days } => match ByHour::new(&hours, counts, days, self.now) {
                Ok(by_hour) => {
                    status.back = by_hour.back(empty);
                    for (level, reached) in levels.iter().zip(&mut status.reached) {
                        reached.ends = by_hour.back(Level::new(slo.target, share(level)));
                    }
                }
                Err(why) => status
                    .remarks
                    .push(format!("when it is back is not known: {why}")),
            },
            // A new period begins with a new budget.
            Window::Calendar(_) => {
                let back = Back {
                    earliest: period.end,
                    usual: period.end,
                    latest: period.end,
                };
                status.back = (status.state == State::Spent).then_some(back);
                for reached in &mut status.reached {
                    reached.ends = Some(back);
                }
            }
        }
        status.policy = status.reached.last().cloned();
        Ok(())
    }

    /// What was counted since a calendar period began, under all names.
    fn so_far(
        &self,
        slo: &Slo,
        key: &Key,
        hours: &Hours,
        period: Period,
        rolling: Counts,
        status: &mut Status,
    ) -> Result<Counts, String> {
        let mut before = Counts::default();
        for key in keys(slo, key) {
            if let Some(counted) = self.before.get(&key) {
                before = before + counted.clone()?;
            }
        }
        let so_far = calendar::so_far(hours, period, before, self.now)?;
        if so_far.missing_hours > 0 {
            let missing = format!(
                "nothing is recorded of {} of the period",
                counted(so_far.missing_hours, "hour")
            );
            // They had no event, if the others make up what is recorded of a whole window.
            ByHour::new(hours, rolling, slo.window.length_days(), self.now)
                .map_err(|why| format!("{missing}, and {why}"))?;
            status.remarks.push(missing);
        }
        Ok(so_far.counts)
    }

    /// The hours of an SLO, those under former names added.
    fn hours_of(&self, slo: &Slo, key: &Key) -> Hours {
        let mut sum = Hours::default();
        for key in keys(slo, key) {
            let Some(hours) = self.hours.get(&key) else {
                continue;
            };
            for (hour, counted) in &hours.full {
                add(
                    sum.full.entry(*hour).or_insert(Ok(Counts::default())),
                    counted,
                );
            }
            if let Some(counted) = &hours.this {
                add(sum.this.get_or_insert(Ok(Counts::default())), counted);
            }
        }
        sum
    }

    fn remarks(&self, slo: &Slo, key: &Key) -> Vec<String> {
        let mut remarks = Vec::new();
        if let Some(counted) = self.recorded.counted.get(key)
            && self.now - counted > LATE
        {
            remarks.push(format!(
                "rules counted it last {} s ago",
                self.now - counted
            ));
        }
        if let Some(ratio) = self.recorded.targets.get(key) {
            let own = slo.target.ratio().to_f64();
            let is_same = (ratio - own).abs() < 1e-12;
            if !is_same {
                remarks.push(format!(
                    "the rules there count for a target of {ratio}, its definition says {own}: the budget \
                     here is that of the definition"
                ));
            }
        }
        remarks
    }
}

/// The keys under which something is recorded of an SLO: its own, and those of former names.
fn keys<'a>(slo: &'a Slo, key: &'a Key) -> impl Iterator<Item = Key> + 'a {
    let former = slo.formerly.iter().map(|former| Key {
        slo: former.to_string(),
        job: key.job.clone(),
    });
    former.chain([key.clone()])
}

fn add(sum: &mut Counted, more: &Counted) {
    match (&mut *sum, more) {
        (Ok(counts), Ok(more)) => *counts = *counts + *more,
        (Ok(_), Err(why)) => *sum = Err(why.clone()),
        (Err(_), _) => {}
    }
}

/// All of it in a sentence.
fn summary(slos: &[Status]) -> String {
    let of = |state: State| slos.iter().filter(move |status| status.state == state);
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let mut parts = vec![match of(State::Spent).count() {
        0 if slos.is_empty() => "there is no SLO".to_owned(),
        0 => format!(
            "{} of {} have budget left",
            of(State::Ok).count(),
            counted(count(slos.len()), "SLO")
        ),
        n => {
            let mut names: Vec<_> = of(State::Spent)
                .map(|status| status.slo.as_str())
                .take(NAMED)
                .collect();
            if n > NAMED {
                names.push("…");
            }
            format!(
                "{n} of {} spent the budget: {}",
                counted(count(slos.len()), "SLO"),
                names.join(", ")
            )
        }
    }];
    for state in [State::Unknown, State::NoData] {
        let n = of(state).count();
        if n > 0 {
            let what = if state == State::Unknown {
                "unknown"
            } else {
                "without data"
            };
            parts.push(format!("{n} {what}"));
        }
    }
    let firing = slos
        .iter()
        .filter(|status| !status.firing.is_empty())
        .count();
    if firing > 0 {
        parts.push(format!("alerts fire for {firing}"));
    }
    parts.join("; ")
}
