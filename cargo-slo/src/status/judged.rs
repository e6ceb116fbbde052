//! What is made of the answers of a store for one SLO.

use super::{
    asked::{Asked, keys},
    calendar,
    corrected::Stretches,
    earlier::InFlight,
    hours::{HourSamples, Hours},
    period::{self, Period},
    recorded::{Counted, Key, Recorded},
    recovery::Level,
    report::{OverAchieved, Reached, State, Status, UncleanEnds, share},
    standing::{self, Back, Budget, ByHour, paces},
};
use crate::{
    definition::{Identity, Slo},
    fleet::hoarded::is_hoarded,
    input::manifest::Then,
    text::numbers::{counted, window},
};
use jiff::tz::TimeZone;
use slo_model::{Window, budget::Counts};
use std::collections::{BTreeMap, BTreeSet};

/// What is recorded is looked at once a minute; older than this, in seconds, it is said.
const LATE: i64 = 180;

/// What was before.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    pub(super) windows: BTreeMap<Key, Vec<Option<Counted>>>,
    pub(super) last_hours: BTreeMap<String, i64>,
    pub(super) in_flight: InFlight,
}

/// Everything that is known.
pub(super) struct All<'a> {
    pub(super) recorded: &'a Recorded,
    pub(super) earlier: &'a Earlier,
    pub(super) hours: &'a HourSamples,
    pub(super) stretches: &'a Stretches,
    pub(super) before: &'a BTreeMap<Key, Counted>,
    pub(super) now: i64,
    pub(super) zone: &'a TimeZone,
}

impl All<'_> {
    /// Where an SLO stands.
    pub(super) fn status(&self, asked: &Asked<'_>) -> Status {
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
            last_counted: None,
            period: None,
            budget: None,
            corrected: None,
            forecast: None,
            paces: Vec::new(),
            back: None,
            policy: None,
            reached: Vec::new(),
            over_achieved: None,
            unclean_ends: self.unclean_ends(asked),
            firing: self.recorded.firing.of(key, &endpoints(asked)),
            remarks: self.remarks(slo, key),
            counts: None,
            spent: None,
            since_deploy: None,
            runbook: slo.runbook.clone(),
            key: key.clone(),
        };
        let judged = match &asked.counted {
            None => Err(self.absent(slo, key, &mut status)),
            Some(Err(why)) => Err(why.clone()),
            Some(Ok(counts)) => self.judge(asked, *counts, &mut status),
        };
        status.why = judged.err();
        status
    }

    /// Why there is nothing to judge: it never was measured, or is no longer.
    fn absent(&self, slo: &Slo, key: &Key, status: &mut Status) -> String {
        let hours = &self.earlier.last_hours;
        status.last_counted = keys(slo, key)
            .filter_map(|key| hours.get(&key.slo).copied())
            .max();
        match status.last_counted {
            Some(_) => {
                status.state = State::NoData;
                "the store has no series `slo:events:sum_window` of it any more: its processes ended, \
                 what they export does not arrive, or no rule records it"
                    .to_owned()
            }
            None => {
                status.state = State::NotMeasured;
                format!(
                    "the store has no series `slo:events:sum_window` of it, and counted none of its hours \
                     in the last {}: no process exported it under this name, or no rule records it",
                    counted(slo.window.length_days().into(), "day")
                )
            }
        }
    }

    /// The processes that ended with events of an SLO in flight.
    fn unclean_ends(&self, asked: &Asked<'_>) -> Option<UncleanEnds> {
        let mut processes = BTreeSet::new();
        let mut events = 0u64;
        for name in endpoints(asked) {
            let ended = self
                .earlier
                .in_flight
                .get(&(asked.key.job.clone(), name.to_owned()));
            for (process, in_flight) in ended.into_iter().flatten() {
                processes.insert(process);
                events = events.saturating_add(*in_flight);
            }
        }
        (!processes.is_empty()).then_some(UncleanEnds {
            processes: processes.len() as u64,
            events,
        })
    }

    /// Whether too much of a budget was left in this window and in each of those before.
    fn over_achieved(&self, asked: &Asked<'_>, now: Counts) -> Option<OverAchieved> {
        let (share, windows) = asked.too_much();
        let before = self.earlier.windows.get(&asked.key);
        let before = before.map_or(&[][..], Vec::as_slice);
        let counts = std::iter::once(Some(now)).chain(
            before
                .iter()
                .map(|counted| counted.as_ref()?.as_ref().ok().copied()),
        );
        let hoarded = counts
            .take_while(|counts| {
                counts.is_some_and(|counts| is_hoarded(counts, asked.slo.target, share))
            })
            .count();
        (hoarded >= windows).then(|| OverAchieved {
            left: share.to_string(),
            windows,
            then: asked.subject.unspent().map(|policy| policy.then.as_str()),
        })
    }

    fn judge(&self, asked: &Asked<'_>, rolling: Counts, status: &mut Status) -> Result<(), String> {
        let Asked { slo, key, .. } = asked;
        let period =
            period::of(slo.window, self.now, self.zone).map_err(|error| error.to_string())?;
        let hours = self.hours.of(keys(slo, key));
        // What rules did not count yet is of no hour.
        let until = hours.until(self.now);
        let counts = match slo.window {
            Window::Rolling { .. } => rolling,
            Window::Calendar(_) => {
                let counts = self.so_far(slo, key, &hours, period, rolling, status)?;
                let forecast = calendar::forecast(&hours, period, counts, slo.target, until);
                status.forecast = Some(forecast);
                counts
            }
        };
        let budget = Budget::new(counts, slo.target);
        let recorded = self.recorded.paces.iter();
        let recorded = recorded.filter_map(|(minutes, of)| Some((*minutes, of.get(key)?)));
        for (minutes, pace) in recorded.clone() {
            if let Err(why) = pace {
                let over = window(minutes);
                status.remarks.push(format!(
                    "the burn rate of the last {over} is not known: {why}"
                ));
            }
        }
        status.paces = paces(recorded, budget.left_share, slo.target, slo.window);
        let empty = standing::spent(slo.target);
        status.state = match empty.is_reached(counts) {
            true => State::Spent,
            false => State::Ok,
        };
        status.period = Some([period.start, period.end]);
        status.budget = Some(budget);
        status.counts = Some(counts);
        match self.stretches.corrected(asked, counts, self.now, self.zone) {
            Ok(corrected) => status.corrected = corrected,
            Err(why) => status.remarks.push(format!(
                "what is left without corrections is not known: {why}"
            )),
        }
        let levels = asked.reached(counts);
        let reached = levels.iter().map(|level| Reached {
            left: format!("{}%", level.left.get_ref().percent()),
            then: word(level.then),
            ends: None,
        });
        status.reached = reached.collect();
        if levels.is_empty() && status.state == State::Ok {
            status.over_achieved = self.over_achieved(asked, rolling);
            if status.over_achieved.is_some() {
                status.state = State::OverAchieved;
            }
            return Ok(());
        }
        match slo.window {
            Window::Rolling { days } => match ByHour::new(&hours, counts, days, until) {
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
        let until = hours.until(self.now);
        if until < period.start {
            return Ok(Counts::default());
        }
        let mut before = Counts::default();
        for key in keys(slo, key) {
            if let Some(counted) = self.before.get(&key) {
                before = before + counted.clone()?;
            }
        }
        let so_far = calendar::so_far(hours, period, before, until)?;
        if so_far.missing_hours > 0 {
            let missing = format!(
                "nothing is recorded of {} of the period",
                counted(so_far.missing_hours, "hour")
            );
            // They had no event, if the others make up what is recorded of a whole window.
            ByHour::new(hours, rolling, slo.window.length_days(), until)
                .map_err(|why| format!("{missing}, and {why}"))?;
            status.remarks.push(missing);
        }
        Ok(so_far.counts)
    }

    /// Says of how many hours of a rolling window nothing is recorded.
    fn hours_without_count(&self, slo: &Slo, key: &Key) -> Option<String> {
        let Window::Rolling { days } = slo.window else {
            return None;
        };
        let recorded = self.recorded.full_hours.get(&u32::from(days))?;
        let of_names = keys(slo, key).filter_map(|key| recorded.get(&key).copied());
        // Under several names, the same hour may be recorded of each.
        let hours = of_names.reduce(u64::saturating_add)?;
        let missing = (u64::from(days) * 24).saturating_sub(hours);
        (missing > 0).then(|| {
            format!(
                "nothing is recorded of {} of its window: no process of it ran, no rule was evaluated, or \
                 the store does not keep them",
                counted(missing, "hour")
            )
        })
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
        remarks.extend(self.hours_without_count(slo, key));
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

/// The endpoints whose events an SLO counts.
fn endpoints<'a>(asked: &Asked<'a>) -> Vec<&'a str> {
    let Identity {
        journey, endpoint, ..
    } = &asked.slo.identity;
    let all = asked.subject.service.endpoints_of(journey);
    let all = all.map(|record| record.name.as_str());
    all.filter(|name| endpoint.as_deref().is_none_or(|own| own == *name))
        .collect()
}

const fn word(then: Then) -> &'static str {
    match then {
        Then::Nothing => "nothing",
        Then::Review => "review",
        Then::Freeze => "freeze",
    }
}
