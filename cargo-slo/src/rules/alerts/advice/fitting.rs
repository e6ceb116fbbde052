//! The alerts that fit an SLO: one answer to every finding about them.
//!
//! Each rule about alerts sees one fault, and mending that alone makes another: a page that waits for
//! more is no longer noise, and tells nobody what they asked for. So all of them advise the same
//! setting, in which none of them finds a fault, for this SLO alone.

use super::{
    detection::{Answer, Watched, watching},
    setting::{conditions_of, keys_of, with_ticket},
};
use crate::{
    definition::Slo,
    diagnostics::{Change, Edit},
    fleet::{Expected, Subject, alerts::AtTraffic},
    input::values::{Traffic, Wish},
    rules::{
        alerts::{alert_on_one_event, false_pages, silent_leak},
        change::{in_manifest, merged},
    },
    text::{
        numbers::{minutes, number},
        toml::{key, quoted},
    },
};
use slo_model::{
    Decimal,
    burn_rate::{Condition, Guard, Severity},
};
use std::path::Path;

/// What factors are multiplied with, until they leave little enough to chance.
const LARGER: [(u128, u128); 8] = [
    (1, 1),
    (5, 4),
    (3, 2),
    (2, 1),
    (5, 2),
    (3, 1),
    (4, 1),
    (5, 1),
];

/// Pages to choose from where none of those in force fits: long and short window in minutes.
const WINDOWS: [(u32, u32); 5] = [(60, 5), (120, 10), (360, 30), (1440, 120), (4320, 360)];

/// Their shares of the budget, in percent.
const SHARES: [u128; 14] = [2, 3, 5, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 75];

/// The change that gives an SLO alerts in which no rule finds a fault: a setting of the catalogue, or
/// one to write into it. `None` if none does, or no `slo.toml` is known to choose it in.
pub(in crate::rules) fn change(subject: &Subject<'_>, slo: &Slo) -> Option<Change> {
    subject.manifest?;
    let needs = Needs::new(subject, slo);
    let name = slo.identity.name_in_service();
    let chosen = |setting: &str| {
        let section = format!("[slo.{}]", key(&name));
        in_manifest(
            subject,
            &section,
            &format!("burn-rates = {}", quoted(setting)),
        )
    };
    let does = |conditions: &[Condition]| {
        let effect = needs.effect(conditions);
        format!("give `{name}` alerts of its own: {effect}")
    };
    let table = &subject.catalogue.burn_rates;
    let known = table.names().find_map(|setting| {
        let written = table.get(setting)?;
        let conditions = written.conditions(slo.window);
        let own = written.false_pages.unwrap_or_default().a_month();
        let keeps =
            needs.are_met_by(&conditions, own) && needs.are_met_by(&conditions, needs.allowed);
        keeps.then_some((setting, conditions))
    });
    if let Some((setting, conditions)) = known {
        return Some(Change::certain(does(&conditions), chosen(setting)));
    }
    let conditions = needs.fitting()?;
    let setting = free_name(subject, slo);
    let mut edits = vec![
        chosen(&setting),
        written(subject, slo, &setting, &conditions),
    ];
    let exported = subject.exported();
    let is_exported = exported.is_some_and(|exported| exported.catalogue.is_some());
    if subject.catalogue.folder.is_none() && !is_exported {
        let path = format!("path = {}", quoted(CATALOGUE));
        edits.insert(1, in_manifest(subject, "[catalogue]", &path));
    }
    Some(Change {
        does: does(&conditions),
        certain: true,
        edits,
    })
}

/// The folder of a catalogue that is not there yet, beside `slo.toml`.
const CATALOGUE: &str = "catalogue";

/// A name that says whose setting it is, and that no other has.
fn free_name(subject: &Subject<'_>, slo: &Slo) -> String {
    let name = slo.identity.to_string().replace(['/', '.'], "-");
    let table = &subject.catalogue.burn_rates;
    let mut free = name.clone();
    for number in 2.. {
        if table.get(&free).is_none() {
            break;
        }
        free = format!("{name}-{number}");
    }
    free
}

/// A setting, as the catalogue has it.
fn written(subject: &Subject<'_>, slo: &Slo, name: &str, conditions: &[Condition]) -> Edit {
    const FILE: &str = "burn-rates.toml";
    let catalogue = subject.catalogue;
    let manifest = subject
        .manifest
        .and_then(|manifest| manifest.file.path.parent());
    let folder = match &catalogue.folder {
        Some(folder) => folder.clone(),
        None => manifest.unwrap_or(Path::new("")).join(CATALOGUE),
    };
    let file = catalogue.burn_rates.file.as_ref();
    let keys = keys_of(conditions, subject.alerts.false_pages(slo), slo.window);
    let path = folder.join(FILE).display().to_string();
    merged(file, &path, &format!("[{}]", key(name)), &keys)
}

/// What the alerts of an SLO have to do.
struct Needs<'a> {
    slo: &'a Slo,
    in_force: Vec<Condition>,
    traffic: Option<Traffic>,
    /// Pages a month that chance may cause.
    allowed: Decimal,
    /// What people want to be told of, as far as some alert can.
    wishes: Vec<Wish>,
}

impl<'a> Needs<'a> {
    fn new(subject: &Subject<'_>, slo: &'a Slo) -> Needs<'a> {
        let mut needs = Needs {
            slo,
            in_force: subject.alerts.over(slo),
            traffic: subject.traffic(slo).map(|Expected { traffic, .. }| traffic),
            allowed: subject.alerts.pages_allowed(slo),
            wishes: Vec::new(),
        };
        let detect = subject.facts().into_iter().flat_map(|facts| &facts.detect);
        let wishes = detect.filter(|(part, _)| {
            watching(subject, part.get_ref()).is_some_and(|watching| std::ptr::eq(watching, slo))
        });
        let wishes = wishes.map(|(_, wish)| *wish.get_ref());
        needs.wishes = wishes
            .filter(|wish| needs.is_told(&needs.in_force, *wish) || needs.told_by(*wish).is_some())
            .collect();
        needs
    }

    fn watched(&self) -> Option<Watched> {
        Some(Watched {
            target: self.slo.target,
            window: self.slo.window,
            traffic: self.traffic?,
        })
    }

    fn is_told(&self, conditions: &[Condition], wish: Wish) -> bool {
        self.watched().is_some_and(|watched| {
            let mut answers = conditions.iter().map(|one| watched.answer(one, wish));
            answers.any(|answer| answer == Answer::Told)
        })
    }

    /// A condition that tells of a wish.
    fn told_by(&self, wish: Wish) -> Option<Condition> {
        let (condition, _) = self.watched()?.condition_for(wish, self.allowed)?;
        Some(condition)
    }

    /// True where no rule finds a fault in alerts.
    fn are_met_by(&self, conditions: &[Condition], allowed: Decimal) -> bool {
        let slo = self.slo;
        let pages = || {
            conditions
                .iter()
                .filter(|one| one.severity == Severity::Page)
        };
        let mut names: Vec<_> = conditions
            .iter()
            .map(|one| (one.severity.as_str(), one.long_minutes))
            .collect();
        names.sort_unstable();
        names.dedup();
        let is_one_enough =
            |traffic| pages().any(|page| alert_on_one_event::one_is_enough(page, slo, traffic));
        names.len() == conditions.len()
            && conditions
                .iter()
                .all(|one| one.can_fire(slo.target) && !one.factor.is_below(1))
            && silent_leak::slowest(conditions, slo).is_none_or(|one| !silent_leak::is_fast(one))
            && (pages().next().is_some() || !self.has_pages() || !self.wishes.is_empty())
            && self
                .wishes
                .iter()
                .all(|wish| self.is_told(conditions, *wish))
            && self.traffic.is_none_or(|traffic| {
                !is_one_enough(traffic)
                    && false_pages::by_chance(conditions, slo, traffic, Guard::ByChance)
                        <= allowed.to_f64()
            })
    }

    fn has_pages(&self) -> bool {
        self.in_force
            .iter()
            .any(|one| one.severity == Severity::Page)
    }

    /// What is in force, changed as little as it takes.
    fn fitting(&self) -> Option<Vec<Condition>> {
        let usable: Vec<_> = self
            .in_force
            .iter()
            .filter_map(|one| self.usable(*one))
            .collect();
        let untold = self
            .wishes
            .iter()
            .filter(|wish| !self.is_told(&usable, **wish));
        let untold: Vec<_> = untold.filter_map(|wish| self.told_by(*wish)).collect();
        let all: Vec<_> = self
            .wishes
            .iter()
            .filter_map(|wish| self.told_by(*wish))
            .collect();
        let answers = match all.len() == untold.len() {
            true => vec![untold],
            // What tells of a wish may have to go for another reason.
            false => vec![untold, all],
        };
        answers
            .iter()
            .find_map(|wanted| self.around(wanted, &usable))
    }

    /// Some conditions, with as many of the usable ones as fit beside them.
    fn around(&self, wanted: &[Condition], usable: &[Condition]) -> Option<Vec<Condition>> {
        let is_pages = |one: &&Condition| one.severity == Severity::Page;
        let pages: Vec<_> = usable.iter().filter(is_pages).copied().collect();
        let tickets: Vec<_> = usable
            .iter()
            .filter(|one| !is_pages(one))
            .copied()
            .collect();
        let whole = |pages: &Vec<Condition>| {
            let mut whole: Vec<Condition> = Vec::new();
            for condition in wanted.iter().chain(pages).chain(&tickets) {
                let is_twin = |other: &Condition| {
                    (other.severity, other.long_minutes)
                        == (condition.severity, condition.long_minutes)
                };
                if !whole.iter().any(is_twin) {
                    whole.push(*condition);
                }
            }
            let mut whole = with_ticket(whole, self.slo.target, self.slo.window);
            whole.sort_by_key(|one| (one.severity != Severity::Page, one.long_minutes));
            // As it will be read, with its shares rounded.
            let whole = conditions_of(&whole, self.slo.window)?;
            self.are_met_by(&whole, self.allowed).then_some(whole)
        };
        self.page_groups(&pages).into_iter().find_map(|group| {
            // Each costs a sum over binomials: where the last does not do, none does.
            let last = whole(group.last()?)?;
            let first = group.partition_point(|pages| whole(pages).is_none());
            Some(group.get(first).and_then(whole).unwrap_or(last))
        })
    }

    /// A condition in force, raised to a factor of 1; `None` if it never fires.
    fn usable(&self, mut condition: Condition) -> Option<Condition> {
        if condition.factor.is_below(1) {
            condition.factor = Decimal::new(1, 1);
        }
        condition.raised_from = None;
        self.is_sound(&condition).then_some(condition)
    }

    fn is_sound(&self, condition: &Condition) -> bool {
        let share = condition.budget_share(self.slo.window);
        condition.can_fire(self.slo.target) && !Decimal::new(1, 1).is_less_than(share)
    }

    /// Pages to try: those in force, fewer of them, others, none. Those of a group have larger and larger
    /// shares of the budget, and leave less and less to chance.
    fn page_groups(&self, pages: &[Condition]) -> Vec<Vec<Vec<Condition>>> {
        let mut groups = Vec::new();
        for first in 0..pages.len() {
            let larger = |(times, over)| {
                let mut larger = pages[first..].to_vec();
                for page in &mut larger {
                    page.factor = page.factor.times(Decimal::new(times, over));
                }
                larger
                    .iter()
                    .all(|page| self.is_sound(page))
                    .then_some(larger)
            };
            groups.push(LARGER.into_iter().map_while(larger).collect());
        }
        let of_window = u128::from(self.slo.window.length_minutes());
        for (long_minutes, short_minutes) in WINDOWS {
            let pages = SHARES.into_iter().map(|share| Condition {
                severity: Severity::Page,
                factor: Decimal::new(share * of_window, 100 * u128::from(long_minutes)),
                long_minutes,
                short_minutes,
                raised_from: None,
            });
            let sound = pages.filter(|page| !page.factor.is_below(1) && self.is_sound(page));
            groups.push(sound.map(|page| vec![page]).collect());
        }
        groups.push(vec![Vec::new()]);
        groups
    }

    /// What conditions come to: pages by chance, and how soon they see an outage.
    fn effect(&self, conditions: &[Condition]) -> String {
        let outage = Decimal::new(1, 1);
        let seen = conditions.iter();
        let seen = seen.filter_map(|one| one.seen_after(self.slo.target, self.traffic, outage));
        let seen = seen.reduce(|a, b| if b.is_less_than(a) { b } else { a });
        let seen = match seen {
            Some(time) => format!("an outage is seen after {}", minutes(time)),
            None => "an outage is never seen".to_owned(),
        };
        match self.traffic {
            Some(traffic) => {
                let pages = false_pages::by_chance(conditions, self.slo, traffic, Guard::ByChance);
                format!(
                    "{seen}, and chance alone pages {} times a month",
                    number(pages)
                )
            }
            None => seen,
        }
    }
}
