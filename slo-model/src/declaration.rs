//! What one annotation says.

use crate::{Journey, MAX_LATENCY_SLIS, Objectives, Route, Slis, Statuses, text};
use std::time::Duration;

/// What the latency of an event is measured until.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Until {
    /// The last byte of the answer.
    #[default]
    Body,
    /// The head of the answer: for bodies that stream for as long as the client likes.
    Headers,
}

impl Until {
    /// Returns how it is written in an annotation.
    pub const fn as_str(self) -> &'static str {
        match self {
            Until::Body => "body",
            Until::Headers => "headers",
        }
    }
}

/// What the type of a handler's answer says about its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Answer {
    /// Nothing: it may be anything.
    #[default]
    Unknown,
    /// It is there as a whole before the first byte is sent.
    Whole,
    /// It is made while it is sent, for as long as the client listens.
    Stream,
}

impl Answer {
    /// Returns how it is written in a record.
    pub const fn as_str(self) -> &'static str {
        match self {
            Answer::Unknown => "unknown",
            Answer::Whole => "whole",
            Answer::Stream => "stream",
        }
    }
}

/// What one event of an endpoint is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Per {
    /// A request to the layer around it; a call where there is none.
    #[default]
    Request,
    /// Each call, wherever it runs: for what a handler, or something before it, calls.
    Call,
}

impl Per {
    /// Returns how it is written in an annotation.
    pub const fn as_str(self) -> &'static str {
        match self {
            Per::Request => "request",
            Per::Call => "call",
        }
    }
}

/// One annotated endpoint: everything `#[slo(…)]` says and where it stands.
///
/// The macro builds it in a constant; the run time counts by it and the
/// [record](crate::record) carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Declaration {
    /// Name, unique in a service.
    pub name: &'static str,
    /// The journey whose objectives its events count for.
    pub journey: Journey,
    /// Objectives of its own.
    pub objectives: Option<Objectives>,
    /// Where it is served.
    pub route: Option<Route>,
    /// What latency is measured until.
    pub until: Until,
    /// Status codes that mean something else here.
    pub statuses: Statuses,
    /// What one event is.
    pub per: Per,
    /// What is known of the body of its answers.
    pub answer: Answer,
    /// How often a job is expected to run; nothing for what answers requests.
    pub every: Option<Duration>,
    /// What a reader of the document should know.
    pub description: &'static str,
    /// Address of the page that tells what to do when its alerts fire.
    pub runbook: &'static str,
    /// What it was called before: `name`, or `journey/name` where its journey was another.
    pub formerly: &'static [&'static str],
    /// Where the annotation stands.
    pub source: Source,
}

/// Where an annotation stands in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Name of the package.
    pub package: &'static str,
    /// Version of the package.
    pub version: &'static str,
    /// Path of the module.
    pub module: &'static str,
    /// Name of the function.
    pub function: &'static str,
    /// Path of the file, as the compiler was given it.
    pub file: &'static str,
    /// Line, counted from 1.
    pub line: u32,
}

impl Source {
    /// Nowhere, for declarations written by hand.
    pub const NONE: Source = Source {
        package: "",
        version: "",
        module: "",
        function: "",
        file: "",
        line: 0,
    };

    /// Returns `true` for one annotation that is compiled into several crates, such as a library
    /// and the program that includes the same file.
    pub fn is_copy_of(&self, other: &Source) -> bool {
        let crate_of = |source: &Source| source.module.split("::").next();
        let moved = Source {
            module: self.module,
            ..*other
        };
        self == other || *self == moved && crate_of(self) != crate_of(other)
    }
}

impl Declaration {
    /// Returns an endpoint of a journey with nothing else said about it.
    ///
    /// # Panics
    /// If the name is not made of lower-case letters, digits and single `-`, `_`, `.`.
    pub const fn new(name: &'static str, journey: Journey) -> Declaration {
        assert!(
            text::is_name(name),
            "the name of an endpoint is made of lower-case letters, digits and single `-`, such as `place-order`"
        );
        Declaration {
            name,
            journey,
            objectives: None,
            route: None,
            until: Until::Body,
            statuses: Statuses::new(),
            per: Per::Request,
            answer: Answer::Unknown,
            every: None,
            description: "",
            runbook: "",
            formerly: &[],
            source: Source::NONE,
        }
    }

    /// Objectives of its own.
    #[must_use]
    pub const fn objectives(mut self, objectives: Objectives) -> Declaration {
        self.objectives = Some(objectives);
        self
    }

    /// Where it is served.
    #[must_use]
    pub const fn route(mut self, route: Route) -> Declaration {
        self.route = Some(route);
        self
    }

    /// What latency is measured until.
    #[must_use]
    pub const fn until(mut self, until: Until) -> Declaration {
        self.until = until;
        self
    }

    /// Status codes that mean something else here.
    #[must_use]
    pub const fn statuses(mut self, statuses: Statuses) -> Declaration {
        self.statuses = statuses;
        self
    }

    /// What one event is.
    #[must_use]
    pub const fn per(mut self, per: Per) -> Declaration {
        self.per = per;
        self
    }

    /// What is known of the body of its answers.
    #[must_use]
    pub const fn answer(mut self, answer: Answer) -> Declaration {
        self.answer = answer;
        self
    }

    /// How often a job is expected to run.
    ///
    /// # Panics
    /// If it is shorter than a second.
    #[must_use]
    pub const fn every(mut self, every: Duration) -> Declaration {
        assert!(every.as_secs() >= 1, "a job runs every second at most");
        self.every = Some(every);
        self
    }

    /// What a reader of the document should know.
    #[must_use]
    pub const fn description(mut self, description: &'static str) -> Declaration {
        self.description = text::check(description);
        self
    }

    /// Address of the page that tells what to do when its alerts fire.
    #[must_use]
    pub const fn runbook(mut self, runbook: &'static str) -> Declaration {
        self.runbook = text::check(runbook);
        self
    }

    /// What the endpoint was called before, so that its error budgets go on under the new name:
    /// `name`, or `journey/name` where its journey was another one that is still there.
    ///
    /// # Panics
    /// If one of these is not such a name, or the name it has now, or if there are more
    /// than four.
    #[must_use]
    pub const fn formerly(mut self, names: &'static [&'static str]) -> Declaration {
        assert!(
            names.len() <= text::MAX_FORMER_NAMES,
            "an endpoint has at most four former names; those of more than one window ago can go"
        );
        let mut rest = names;
        while let [name, more @ ..] = rest {
            assert!(
                text::is_former_endpoint(name),
                "a former name of an endpoint is made of lower-case letters, digits and single `-`, such as `place-order`, or `checkout/place-order` where its journey was another"
            );
            assert!(
                !text::is_same_endpoint(name, self.journey.name(), self.name),
                "`formerly` is what the endpoint was called before, and this is what it is called now"
            );
            rest = more;
        }
        self.formerly = names;
        self
    }

    /// Where the annotation stands.
    #[must_use]
    pub const fn source(mut self, source: Source) -> Declaration {
        self.source = source;
        self
    }

    /// Refuses latency thresholds that no request can be meant to take: of the endpoint's own
    /// objectives and, unless one of its own replaces it, of its journey's.
    ///
    /// # Panics
    /// If a threshold is longer than an hour, and the endpoint is neither a job nor counted
    /// per call.
    #[must_use]
    pub const fn answers_requests(self) -> Declaration {
        let is_request = self.every.is_none() && matches!(self.per, Per::Request);
        let slis = Slis::from_declaration(&self);
        let mut i = 0;
        while is_request && i < MAX_LATENCY_SLIS {
            if let Some(sli) = slis.latency_at(i) {
                assert!(
                    sli.threshold.as_secs() <= 3600,
                    "nobody waits for hours for a request: its latency threshold is at most an hour, such as `500ms`; what takes longer is a job (`every = …`) or a call (`per = call`)"
                );
            }
            i += 1;
        }
        self
    }

    /// Refuses a declaration that nothing could be measured against.
    ///
    /// # Panics
    /// If neither the endpoint nor its journey has an objective.
    #[must_use]
    pub const fn checked(self) -> Declaration {
        let own = match self.objectives {
            Some(own) => !own.is_empty(),
            None => false,
        };
        let of_journey = match self.journey.get_objectives() {
            Some(objectives) => !objectives.is_empty(),
            None => false,
        };
        assert!(
            own || of_journey,
            "neither the endpoint nor its journey has an objective: add `availability = 99.9%` here, or objectives to the journey"
        );
        self
    }
}
