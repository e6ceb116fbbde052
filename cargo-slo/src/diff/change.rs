//! One difference between two sources.

use serde::Serialize;
use serde_json::Value;
use std::fmt;

/// Something that is not the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The SLO, or the definition, or the service it is about.
    pub about: String,
    /// What of it changed.
    pub field: Field,
    /// What it was; `None` if it was not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it is; `None` if it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// What that means, or where to look.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// True where history is lost with it that nobody said was to be.
    #[serde(skip_serializing_if = "is_false")]
    pub lost: bool,
    /// The ways out, where history is lost.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub help: Vec<String>,
    /// The requests that would make a system what it should be, in their order. Nothing sends them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub apply: Vec<Request>,
}

/// A request to the API of a system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Request {
    /// Its method.
    pub method: &'static str,
    /// Where it goes to.
    pub url: String,
    /// Its body; `None` for one that has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

impl Request {
    pub(super) fn post(url: String, body: Value) -> Request {
        Request {
            method: "POST",
            url,
            body: Some(body),
        }
    }

    pub(super) fn put(url: String, body: Value) -> Request {
        Request {
            method: "PUT",
            url,
            body: Some(body),
        }
    }

    pub(super) fn delete(url: String) -> Request {
        Request {
            method: "DELETE",
            url,
            body: None,
        }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.url)
    }
}

impl Change {
    /// A change of which nothing else is known yet.
    pub(super) fn of(about: &str, field: Field) -> Change {
        Change {
            about: about.to_owned(),
            field,
            before: None,
            after: None,
            details: Vec::new(),
            lost: false,
            help: Vec::new(),
            apply: Vec::new(),
        }
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

/// What can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Field {
    /// The SLO as a whole: it is new, or gone.
    Slo,
    /// The name of the SLO, under which its history goes on.
    Name,
    /// The share of events that must be good.
    Target,
    /// The period it is promised over.
    Window,
    /// The threshold of a latency SLI.
    Threshold,
    /// The team that answers for it.
    Owner,
    /// The page that tells what to do.
    Runbook,
    /// The definition that pods count by.
    Definition,
    /// What is recorded and alerted on.
    Rules,
    /// The SLO in Datadog, but for its target and its window.
    Datadog,
    /// The monitors of the SLO in Datadog.
    Monitors,
    /// The dashboard in Grafana.
    Dashboard,
}

impl Field {
    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Field::Slo => "SLO",
            Field::Name => "name",
            Field::Target => "target",
            Field::Window => "window",
            Field::Threshold => "threshold",
            Field::Owner => "owner",
            Field::Runbook => "runbook",
            Field::Definition => "definition",
            Field::Rules => "rules",
            Field::Datadog => "Datadog SLO",
            Field::Monitors => "Datadog monitors",
            Field::Dashboard => "dashboard",
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Change {
            about,
            field,
            before,
            after,
            details,
            lost,
            ..
        } = self;
        if *lost {
            f.write_str("error: ")?;
        }
        let word = field.as_str();
        match (field, before, after) {
            (Field::Datadog, ..) => write!(f, "{word} {about}")?,
            (Field::Dashboard, ..) => write!(f, "{word} \"{about}\"")?,
            (Field::Rules, ..) => write!(f, "rules of {about}")?,
            (Field::Name, Some(before), _) => write!(f, "{before} is now {about}")?,
            (Field::Slo, None, Some(after)) => write!(f, "{about} is new: {after}")?,
            (Field::Slo, Some(before), _) => write!(f, "{about} is gone: it was {before}")?,
            (_, Some(before), Some(after)) => write!(f, "{word} of {about} {before} → {after}")?,
            (_, Some(before), None) => write!(f, "{word} of {about} is gone: it was {before}")?,
            (_, None, Some(after)) => write!(f, "{word} of {about} is new: {after}")?,
            (_, None, None) => write!(f, "{word} of {about}")?,
        }
        match details.is_empty() {
            true => Ok(()),
            false => write!(f, ": {}", details.join(", ")),
        }
    }
}
