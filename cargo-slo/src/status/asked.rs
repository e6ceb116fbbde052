//! Which SLOs of a fleet are asked about, and what of them.

use super::{
    earlier,
    firing::DELAYED,
    hours::HourSamples,
    recorded::{Counted, Key, Question, Recorded, Store},
    recovery::Level,
    report::share,
    standing,
    windows::{Windows, of_window},
};
use crate::{
    definition::{Identity, Slo},
    fleet::{Fleet, Subject, hoarded::is_hoarded},
    input::{
        http::AskError,
        manifest::{PolicyLevel, UnspentBudget},
        values::Share,
    },
};
use slo_model::{Window, budget::Counts};
use std::collections::{BTreeMap, BTreeSet};

/// The hours of so many SLOs are held at once.
const TOGETHER: usize = 1000;

/// The shortest pace, in minutes: rules record it whatever the alerts are.
const HOUR_MINUTES: u32 = 60;

/// An SLO, and whose numbers it is asked about.
pub(super) struct Asked<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) slo: &'a Slo,
    pub(super) key: Key,
    pub(super) is_one_of_several: bool,
    pub(super) counted: Option<Counted>,
}

/// The numbers that are recorded of an SLO: of each job that counts for it.
pub(super) fn found<'a>(
    subject: &'a Subject<'a>,
    slo: &'a Slo,
    recorded: &Recorded,
) -> Vec<Asked<'a>> {
    let first = Key {
        slo: slo.identity.to_string(),
        job: String::new(),
    };
    let its_own = recorded.window.range(first.clone()..);
    let its_own: Vec<_> = its_own
        .take_while(|(key, _)| key.slo == first.slo)
        .collect();
    let asked = |key: &Key, windows: Option<&Windows>| Asked {
        subject,
        slo,
        key: key.clone(),
        is_one_of_several: its_own.len() > 1,
        counted: windows.map(|windows| match recorded.firing.counts_nothing(key) {
            false => of_window(windows, slo.window),
            true => Err(format!(
                "`{DELAYED}` fires: rules don't see what they recorded, and count nothing"
            )),
        }),
    };
    match its_own.is_empty() {
        true => vec![asked(&first, None)],
        false => its_own
            .iter()
            .map(|(key, counted)| asked(key, Some(counted)))
            .collect(),
    }
}

/// Of how many full hours of their rolling windows something is recorded, by the days of the window.
pub(super) fn full_hours(
    asked: &[Asked<'_>],
    store: &Store<'_>,
    questions: &mut Vec<Question>,
) -> Result<BTreeMap<u32, BTreeMap<Key, u64>>, AskError> {
    let mut windows: BTreeMap<u32, Vec<&Asked<'_>>> = BTreeMap::new();
    for asked in asked {
        if let (Some(Ok(_)), Window::Rolling { days }) = (&asked.counted, asked.slo.window) {
            windows.entry(days.into()).or_default().push(asked);
        }
    }
    let mut found = BTreeMap::new();
    for (days, asked) in windows {
        let names = names(asked.into_iter());
        found.insert(days, store.full_hours(&names, days, questions)?);
    }
    Ok(found)
}

/// Lengths in minutes of the paces that the rules of a fleet record: an hour, and the long windows of
/// its alerts.
pub(super) fn paces(fleet: &Fleet<'_>) -> BTreeSet<u32> {
    let mut paces = BTreeSet::from([HOUR_MINUTES]);
    for subject in &fleet.subjects {
        for slo in &subject.service.slos {
            let conditions = subject.alerts.over(slo);
            paces.extend(conditions.iter().map(|condition| condition.long_minutes));
        }
    }
    paces
}

pub(super) fn calendar_windows(asked: &[Asked<'_>]) -> Vec<Window> {
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
pub(super) fn names<'a>(asked: impl Iterator<Item = &'a Asked<'a>>) -> Vec<String> {
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

/// The keys under which something is recorded of an SLO: its own, and those of former names.
pub(super) fn keys<'a>(slo: &'a Slo, key: &'a Key) -> impl Iterator<Item = Key> + 'a {
    let former = slo.formerly.iter().map(|former| Key {
        slo: former.to_string(),
        job: key.job.clone(),
    });
    former.chain([key.clone()])
}

/// Splits SLOs, so that in no part there are more whose hours are looked into than are held at once.
pub(super) fn parts<'s, 'a>(asked: &'s [Asked<'a>]) -> Vec<&'s [Asked<'a>]> {
    let (mut parts, mut start, mut needing) = (Vec::new(), 0, 0);
    for (n, _) in asked
        .iter()
        .enumerate()
        .filter(|(_, asked)| asked.needs_hours())
    {
        if needing == TOGETHER {
            parts.push(&asked[start..n]);
            (start, needing) = (n, 0);
        }
        needing += 1;
    }
    parts.push(&asked[start..]);
    parts
}

/// The hours of those SLOs that need them.
pub(super) fn hours(
    asked: &[Asked<'_>],
    store: &Store<'_>,
    questions: &mut Vec<Question>,
) -> Result<HourSamples, AskError> {
    let needed = || asked.iter().filter(|asked| asked.needs_hours());
    let days = needed().map(Asked::days).max().unwrap_or(0);
    store.hours(&names(needed()), days * 86_400, questions)
}

/// When the last full hour was counted of those SLOs that have no window.
pub(super) fn last_hours(
    asked: &[Asked<'_>],
    store: &Store<'_>,
    questions: &mut Vec<Question>,
) -> Result<BTreeMap<String, i64>, AskError> {
    let missing = || asked.iter().filter(|asked| asked.counted.is_none());
    let days = missing().map(|asked| asked.slo.window.length_days()).max();
    let seconds = i64::from(days.unwrap_or(0)) * 86_400;
    store.last_hours(&names(missing()), seconds, questions)
}

/// Those SLOs of whose budgets too much is left now: was it so in the windows before, too?
pub(super) fn hoarding(asked: &[Asked<'_>]) -> Vec<earlier::Windows> {
    let mut windows: BTreeMap<(u32, u32), Vec<&Asked<'_>>> = BTreeMap::new();
    for asked in asked {
        let Some(Ok(counts)) = asked.counted else {
            continue;
        };
        let (share, count) = asked.too_much();
        let before = u32::try_from(count - 1).unwrap_or(0);
        if before > 0 && is_hoarded(counts, asked.slo.target, share) {
            let days = asked.slo.window.length_days();
            windows
                .entry((days.into(), before))
                .or_default()
                .push(asked);
        }
    }
    let of = |((days, count), asked): ((u32, u32), Vec<&Asked<'_>>)| earlier::Windows {
        days,
        count,
        slos: names(asked.into_iter()),
    };
    windows.into_iter().map(of).collect()
}

impl Asked<'_> {
    /// What of its budget is too much, and in how many windows in a row: as its policy says, else 90%
    /// in three.
    pub(super) fn too_much(&self) -> (Share, usize) {
        match self.subject.unspent() {
            Some(policy) => (policy.left(), policy.windows()),
            None => (UnspentBudget::USUAL_LEFT, UnspentBudget::USUAL_WINDOWS),
        }
    }

    /// How far back its hours are looked into, in days.
    fn days(&self) -> i64 {
        match self.slo.window {
            Window::Rolling { days } => i64::from(days),
            // The longest of its kind, and a week for the forecast.
            Window::Calendar(_) => i64::from(self.slo.window.length_days()) + 9,
        }
    }

    /// True if its hours are looked into: its budget has to come back, or began with a calendar.
    pub(super) fn needs_hours(&self) -> bool {
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
    pub(super) fn reached(&self, counts: Counts) -> Vec<&PolicyLevel> {
        let policy = self.subject.policy_of(&self.slo.identity.journey);
        let mut levels = policy.levels();
        levels.retain(|level| Level::new(self.slo.target, share(level)).is_reached(counts));
        levels
    }
}
