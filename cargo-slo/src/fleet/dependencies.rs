//! What a service depends on, and what that promises.

use super::{Fleet, Provider, Subject};
use crate::{
    definition::{Level, Sli, Slo},
    input::manifest::{Dependency, Kind},
};
use slo_model::{Target, Window};
use std::{
    collections::{BTreeSet, VecDeque},
    rc::Rc,
    time::Duration,
};

/// A service that is called, directly or through others.
#[derive(Clone, Debug)]
pub(crate) struct Call<'a> {
    /// Its name.
    pub(crate) service: &'a str,
    /// The services on the way to it, it itself last.
    pub(crate) path: Vec<&'a str>,
    /// What it promises to this caller.
    pub(crate) promises: Vec<Promised<'a>>,
    /// Who answers for it.
    owner: Option<&'a str>,
}

/// An SLO of a service that is called.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Promised<'a> {
    of: Of<'a>,
    /// The share of good events.
    pub(crate) target: Target,
    /// The period.
    pub(crate) window: Window,
    /// For latency, how long an event may take.
    pub(crate) threshold: Option<Duration>,
}

/// Who promises.
#[derive(Clone, Copy, Debug)]
enum Of<'a> {
    Service(&'a Slo),
    Vendor(&'a str, &'a str),
}

impl Promised<'_> {
    /// Its identity, made when it is told: most promises are kept and never are.
    pub(crate) fn name(&self) -> String {
        match self.of {
            Of::Service(slo) => format!(
                "{}/{}",
                slo.identity.service,
                slo.identity.name_in_service()
            ),
            Of::Vendor(service, sli) => format!("{service}.{sli}"),
        }
    }
}

impl<'a> Call<'a> {
    /// Who answers for it, in words.
    pub(crate) fn owner(&self) -> String {
        match self.owner {
            Some(owner) => format!("`{owner}`"),
            None => "whoever owns it".to_owned(),
        }
    }

    /// Who answers for it, or where nobody says so, in a sentence.
    pub(crate) fn owned_by(&self) -> String {
        match self.owner {
            Some(owner) => format!("`{}` is owned by `{owner}`", self.service),
            None => format!(
                "nobody is named as the owner of `{}`: `owner` in its `slo.toml`, or in `vendors.toml`",
                self.service
            ),
        }
    }

    /// Who answers for it, where that is known.
    pub(crate) fn owner_name(&self) -> Option<&'a str> {
        self.owner
    }

    /// Its lowest availability: a caller may need any of what it called.
    pub(crate) fn availability(&self) -> Option<&Promised<'a>> {
        let available = self.promises.iter().filter(|p| p.threshold.is_none());
        available.min_by_key(|promise| promise.target)
    }
}

/// The known services that a service calls itself, with what is said about the call.
pub(crate) fn direct<'a>(
    fleet: &Fleet<'a>,
    subject: &Subject<'a>,
) -> Vec<(&'a Dependency, Call<'a>)> {
    let dependencies = subject.facts().map_or(&[][..], |facts| &facts.dependency);
    dependencies
        .iter()
        .filter_map(|dependency| Some((dependency, call(fleet, dependency, &[])?)))
        .collect()
}

/// The hard dependencies of an SLO that its service calls itself.
pub(crate) fn called<'a>(fleet: &Fleet<'a>, subject: &Subject<'a>, slo: &Slo) -> Vec<Call<'a>> {
    let direct = direct(fleet, subject).into_iter();
    direct
        .filter(|(dependency, _)| is_hard(dependency) && is_used_by(dependency, slo))
        .map(|(_, call)| call)
        .collect()
}

/// For each availability SLO, all services that it can't be kept without, each once, the nearest
/// first. Most SLOs of a service need the same, which is then worked out once.
pub(crate) fn hard<'a>(
    fleet: &Fleet<'a>,
    subject: &Subject<'a>,
) -> Vec<(&'a Slo, Rc<Vec<Call<'a>>>)> {
    let own = subject.facts().map_or(&[][..], |facts| &facts.dependency);
    let mut known: Vec<(Vec<bool>, Rc<Vec<Call<'a>>>)> = Vec::new();
    let slos = subject.service.slos.iter();
    slos.filter(|slo| slo.sli == Sli::Availability)
        .map(|slo| {
            let needed = |dependency| is_hard(dependency) && is_used_by(dependency, slo);
            let first: Vec<bool> = own.iter().map(needed).collect();
            if let Some((_, calls)) = known.iter().find(|(same, _)| *same == first) {
                return (slo, Rc::clone(calls));
            }
            let starts = own.iter().zip(&first).filter(|(_, needed)| **needed);
            let calls = Rc::new(reached(fleet, subject, starts.map(|(start, _)| start)));
            known.push((first, Rc::clone(&calls)));
            (slo, calls)
        })
        .collect()
}

/// All services that are reached over hard dependencies, from the first ones on.
fn reached<'a>(
    fleet: &Fleet<'a>,
    subject: &Subject<'a>,
    first: impl Iterator<Item = &'a Dependency>,
) -> Vec<Call<'a>> {
    let mut seen = BTreeSet::from([subject.service.name.as_str()]);
    let mut waiting: VecDeque<(&'a Dependency, Vec<&'a str>)> =
        first.map(|d| (d, Vec::new())).collect();
    let mut calls = Vec::new();
    while let Some((dependency, path)) = waiting.pop_front() {
        if !seen.insert(dependency.service.get_ref()) {
            continue;
        }
        let Some(call) = call(fleet, dependency, &path) else {
            continue;
        };
        for next in further(fleet, dependency) {
            waiting.push_back((next, call.path.clone()));
        }
        calls.push(call);
    }
    calls
}

/// Ways from a service over hard dependencies back to itself, the shortest for each dependency
/// it starts with; only at the service whose name comes first on the way.
pub(crate) fn cycle<'a>(
    fleet: &Fleet<'a>,
    subject: &Subject<'a>,
) -> Vec<(&'a Dependency, Vec<&'a str>)> {
    let own = subject.facts().map_or(&[][..], |facts| &facts.dependency);
    let home = subject.service.name.as_str();
    let mut found = Vec::new();
    for start in own.iter().filter(|dependency| is_hard(dependency)) {
        let mut seen = BTreeSet::new();
        let mut waiting = VecDeque::from([(start, vec![start.service.get_ref().as_str()])]);
        while let Some((dependency, path)) = waiting.pop_front() {
            let name = dependency.service.get_ref().as_str();
            if name == home {
                if serves_one(start, dependency) {
                    found.push((start, path));
                    break;
                }
                continue;
            }
            // A circle is told by the first of its services.
            if name < home || !seen.insert((name, journey_of(dependency))) {
                continue;
            }
            for next in further(fleet, dependency) {
                let mut path = path.clone();
                path.push(next.service.get_ref());
                waiting.push_back((next, path));
            }
        }
    }
    found
}

/// Whether a call that comes back needs the one it started with.
fn serves_one(start: &Dependency, back: &Dependency) -> bool {
    match journey_of(back) {
        None => true,
        Some(journey) => is_used_by_journey(start, journey),
    }
}

/// The hard dependencies that what was called has for it.
pub(super) fn further<'a>(fleet: &Fleet<'a>, dependency: &Dependency) -> Vec<&'a Dependency> {
    let Some(Provider::Service(subject)) = fleet.provider(dependency.service.get_ref()) else {
        return Vec::new();
    };
    let all = subject.facts().map_or(&[][..], |facts| &facts.dependency);
    all.iter()
        .filter(|next| {
            is_hard(next)
                && journey_of(dependency).is_none_or(|journey| is_used_by_journey(next, journey))
        })
        .collect()
}

pub(super) fn is_hard(dependency: &Dependency) -> bool {
    *dependency.kind.get_ref() == Kind::Hard
}

/// The journey that is called, without the endpoint.
pub(super) fn journey_of(dependency: &Dependency) -> Option<&str> {
    let journey = dependency.journey.as_ref()?.get_ref();
    Some(
        journey
            .split_once('/')
            .map_or(journey, |(journey, _)| journey),
    )
}

/// Whether all events of an SLO need a dependency: it is used by the journey, or, for an SLO of
/// an endpoint, by that.
pub(crate) fn is_used_by(dependency: &Dependency, slo: &Slo) -> bool {
    let journey = &slo.identity.journey;
    dependency.used_by.is_empty()
        || dependency.used_by.iter().any(|user| {
            let user = user.get_ref();
            user == journey
                || slo.identity.endpoint.as_ref().is_some_and(|endpoint| {
                    user.strip_prefix(journey.as_str())
                        .and_then(|rest| rest.strip_prefix('/'))
                        == Some(endpoint)
                })
        })
}

/// Whether some of a journey needs a dependency.
pub(super) fn is_used_by_journey(dependency: &Dependency, journey: &str) -> bool {
    dependency.used_by.is_empty()
        || dependency.used_by.iter().any(|user| {
            let user = user.get_ref();
            user.split_once('/').map_or(user.as_str(), |(of, _)| of) == journey
        })
}

/// A call as far as it is known; `None` if the service is unknown.
pub(crate) fn call<'a>(
    fleet: &Fleet<'a>,
    dependency: &'a Dependency,
    path: &[&'a str],
) -> Option<Call<'a>> {
    let service = dependency.service.get_ref().as_str();
    let (promises, owner) = match fleet.provider(service)? {
        Provider::Service(subject) => {
            let part = dependency
                .journey
                .as_ref()
                .map(|part| part.get_ref().as_str());
            let has_own = subject.service.slos.iter().any(|slo| is_part(slo, part));
            // An endpoint without objectives of its own is promised as a part of its journey.
            let part = match has_own {
                true => part,
                false => journey_of(dependency),
            };
            let slos = subject.service.slos.iter().filter(|slo| is_part(slo, part));
            let owner = slos
                .clone()
                .map(|slo| &slo.owner)
                .find(|owner| !owner.is_empty());
            let owner = owner.or_else(|| subject.facts()?.owner.as_ref());
            (slos.map(promised).collect(), owner)
        }
        Provider::Vendor(vendor) => {
            let promised = |sli: &'a str, target, threshold| Promised {
                of: Of::Vendor(service, sli),
                target,
                window: vendor.window,
                threshold,
            };
            let availability = vendor
                .availability
                .iter()
                .map(|promise| promised("availability", promise.get_ref().target, None));
            let latency = vendor.latency.iter().map(|(name, promise)| {
                let promise = promise.get_ref();
                promised(name, promise.target, Some(promise.threshold))
            });
            let promises = availability.chain(latency);
            (promises.collect(), vendor.owner.as_ref())
        }
    };
    let mut path = path.to_vec();
    path.push(service);
    Some(Call {
        service,
        path,
        promises,
        owner: owner.map(String::as_str),
    })
}

/// Whether an SLO is of what is called: of a journey or endpoint, or of any journey.
fn is_part(slo: &Slo, part: Option<&str>) -> bool {
    match part {
        None => slo.level() == Level::Journey,
        Some(part) => match (part.split_once('/'), &slo.identity.endpoint) {
            (None, None) => slo.identity.journey == part,
            (Some((journey, endpoint)), Some(own)) => {
                slo.identity.journey == journey && own == endpoint
            }
            _ => false,
        },
    }
}

fn promised(slo: &Slo) -> Promised<'_> {
    Promised {
        of: Of::Service(slo),
        target: slo.target,
        window: slo.window,
        threshold: slo.sli.threshold(),
    }
}
