//! What is known of an SLO that decides, and what is to be done where it holds a delivery back.

use crate::{
    gate::{
        decision::{Answer, Decision, Known},
        delivery::{Judged, Role},
    },
    input::manifest::PolicyLevel,
    status::{firing::GAP, report, standing::Back},
};
use serde::Serialize;

/// What is known of its budget.
pub(super) fn known(judged: &Judged<'_, '_>) -> Known {
    if let Some(why) = &judged.status.why {
        return Known::Nothing(why.clone());
    }
    let Some((subject, slo)) = judged.of else {
        return Known::Nothing("its service was not read".to_owned());
    };
    if !subject.is_known() {
        return Known::Nothing("its export says nothing of a policy".to_owned());
    }
    match judged.status.counts {
        Some(counts) => Known::Counted {
            counts,
            target: slo.target,
            freeze: judged.freeze().map(report::share),
        },
        None => Known::Nothing("nothing was counted".to_owned()),
    }
}

/// Why it is not known whether an SLO is about what is delivered.
pub(super) fn doubt(judged: &Judged<'_, '_>) -> Option<String> {
    let Role::Perhaps(unread) = &judged.role else {
        return None;
    };
    let unread: Vec<_> = unread.iter().map(|name| format!("`{name}`")).collect();
    Some(format!(
        "whether what is delivered takes part in its journey is not known: nothing was read of {}",
        unread.join(", ")
    ))
}

/// An SLO, what the gate says of it, and the way out.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Row<'a> {
    pub(super) slo: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) job: Option<&'a str>,
    pub(super) answer: Answer,
    pub(super) reason: String,
    /// What is delivered and takes part in the journey, where that is of another service.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) takes_part: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) way_out: Option<WayOut>,
}

/// What can be done where a delivery is held back.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct WayOut {
    /// The level of the policy that holds it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) level: Option<Level>,
    /// When more is left than the level says, if no new event is bad; `None` where that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) opens: Option<Back>,
    /// Who answers for the SLO.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ask: Option<String>,
    /// The line that an override of it has.
    pub(super) overridden_by: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Level {
    /// The policy of the catalogue; `None` where it is the service's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) policy: Option<String>,
    /// What is left at most: `10%`.
    pub(super) left: String,
    /// Whether it holds back everything that takes part in the journey.
    pub(super) blocks_participants: bool,
}

impl<'a> Row<'a> {
    pub(super) fn new(judged: &'a Judged<'_, '_>, decision: Decision) -> Row<'a> {
        let takes_part = match &judged.role {
            Role::Journey(services) => services.clone(),
            Role::Own | Role::Perhaps(_) => Vec::new(),
        };
        Row {
            slo: &judged.status.slo,
            job: judged.status.job.as_deref(),
            answer: decision.answer,
            reason: with_doubt(decision.reason, &judged.status.firing),
            takes_part,
            way_out: (decision.answer != Answer::Open).then(|| way_out(judged)),
        }
    }
}

/// A reason with what makes its counts too low.
fn with_doubt(reason: String, firing: &[String]) -> String {
    match firing.iter().any(|alert| alert.ends_with(GAP)) {
        true => format!("{reason}; `{GAP}` fires: events are missing from its counts"),
        false => reason,
    }
}

fn way_out(judged: &Judged<'_, '_>) -> WayOut {
    // Where nothing was counted, no level is known to be reached.
    let freeze = judged.status.counts.and(judged.freeze());
    let percent = |level: &PolicyLevel| format!("{}%", level.left.get_ref().percent());
    // Of levels with one share, all are reached at the same moment.
    let reached = freeze.and_then(|level| {
        let mut reached = judged.status.reached.iter();
        reached.find(|reached| reached.left == percent(level))
    });
    let ask = judged.of.and_then(|(subject, slo)| match &*slo.owner {
        "" => subject.facts()?.owner.clone(),
        owner => Some(owner.to_owned()),
    });
    let policy = judged
        .of
        .and_then(|(subject, slo)| subject.policy_of(&slo.identity.journey).name());
    WayOut {
        level: freeze.map(|level| Level {
            policy: policy.map(str::to_owned),
            left: percent(level),
            blocks_participants: level.blocks_participants(),
        }),
        opens: reached.and_then(|reached| reached.ends),
        ask,
        overridden_by: format!("slo = \"{}\"", judged.status.slo),
    }
}
