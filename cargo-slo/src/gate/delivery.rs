//! Which SLOs decide about a delivery, and from which level of their policy on.
//!
//! Those of the services that are delivered, and journeys of other services that these take part in:
//! where the policy of such a journey blocks its participants, its budget is theirs, too.

use crate::{
    definition::Slo,
    fleet::{Fleet, Subject, participants::participants},
    input::manifest::PolicyLevel,
    status::report::{Report, Status, of_name},
};

/// An SLO that decides.
#[derive(Debug)]
pub struct Judged<'r, 'a> {
    /// Where it stands.
    pub status: &'r Status,
    /// The service, and the SLO there; `None` if its service was not read.
    pub of: Option<(&'r Subject<'a>, &'a Slo)>,
    /// Why it decides.
    pub role: Role<'a>,
}

/// Why an SLO decides about a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role<'a> {
    /// It is one of a service that is delivered.
    Own,
    /// These services are delivered and take part in its journey.
    Journey(Vec<String>),
    /// Whether services that are delivered take part in its journey is not known: these others do,
    /// and were not read.
    Perhaps(Vec<&'a str>),
}

impl<'a> Judged<'_, 'a> {
    /// Returns the first level of the policy that holds the delivery back; `None` if none does.
    pub fn freeze(&self) -> Option<&'a PolicyLevel> {
        let (subject, slo) = self.of?;
        freeze(subject, slo, &self.role)
    }
}

/// Levels go from all of a budget to none, and what is reached stays reached.
fn freeze<'a>(subject: &Subject<'a>, slo: &Slo, role: &Role<'_>) -> Option<&'a PolicyLevel> {
    let policy = subject.policy_of(&slo.identity.journey);
    let mut levels = policy.levels().into_iter();
    match role {
        Role::Own => levels.find(|level| level.freezes()),
        Role::Journey(_) | Role::Perhaps(_) => levels.find(|level| level.blocks_participants()),
    }
}

/// Returns the SLOs that decide about a delivery of these services, or of all that were read where
/// none is named.
pub fn judged<'r, 'a>(
    fleet: &'r Fleet<'a>,
    report: &'r Report,
    delivered: &[String],
) -> Vec<Judged<'r, 'a>> {
    let statuses = report.slos.iter();
    let judged = statuses.filter_map(|status| {
        let of = of_name(fleet, &status.slo);
        let role = match of {
            Some((subject, slo)) => role(fleet, subject, slo, delivered)?,
            None => Role::Own,
        };
        Some(Judged { status, of, role })
    });
    judged.collect()
}

/// Why an SLO decides; `None` if it does not.
fn role<'a>(
    fleet: &Fleet<'a>,
    subject: &Subject<'a>,
    slo: &Slo,
    delivered: &[String],
) -> Option<Role<'a>> {
    if delivered.is_empty() || delivered.contains(&subject.service.name) {
        return Some(Role::Own);
    }
    let is_of_journey = slo.identity.endpoint.is_none();
    let journey = Role::Journey(Vec::new());
    if !is_of_journey || freeze(subject, slo, &journey).is_none() {
        return None;
    }
    let participants = participants(fleet, subject, &slo.identity.journey);
    let taking_part = |name: &&String| participants.services.contains(name.as_str());
    let taking_part: Vec<_> = delivered.iter().filter(taking_part).cloned().collect();
    if !taking_part.is_empty() {
        return Some(Role::Journey(taking_part));
    }
    let unread: Vec<_> = participants.unread.into_iter().collect();
    (!unread.is_empty()).then_some(Role::Perhaps(unread))
}
