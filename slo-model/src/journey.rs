//! Critical user journeys.

use crate::{Objectives, text};

/// A critical user journey (CUJ): what a user wants to get done, across endpoints.
///
/// An organisation usually keeps its journeys as constants in one crate that its services
/// share. Title, user and owner are what a reviewer asks first; they appear in documents
/// and alerts.
///
/// ```
/// use slo_model::{Journey, Objectives};
/// pub const CHECKOUT: Journey = Journey::new("checkout")
///     .title("Buy what is in the cart")
///     .user("a developer of a business unit who calls the order API")
///     .owner("team-orders")
///     .objectives(Objectives::new().availability(99.9));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Journey {
    name: &'static str,
    title: &'static str,
    user: &'static str,
    owner: &'static str,
    description: &'static str,
    runbook: &'static str,
    objectives: Option<Objectives>,
    formerly: &'static [&'static str],
}

impl Journey {
    /// Returns a journey known by this name everywhere.
    ///
    /// # Panics
    /// If the name is not made of lower-case letters, digits and single `-`, `_`, `.`.
    pub const fn new(name: &'static str) -> Journey {
        assert!(
            text::is_name(name),
            "the name of a journey is made of lower-case letters, digits and single `-`, such as `checkout`"
        );
        Journey {
            name,
            title: "",
            user: "",
            owner: "",
            description: "",
            runbook: "",
            objectives: None,
            formerly: &[],
        }
    }

    /// What the user gets done, in a few words.
    #[must_use]
    pub const fn title(mut self, title: &'static str) -> Journey {
        self.title = text::check(title);
        self
    }

    /// Who walks the journey.
    #[must_use]
    pub const fn user(mut self, user: &'static str) -> Journey {
        self.user = text::check(user);
        self
    }

    /// The team that answers for it.
    #[must_use]
    pub const fn owner(mut self, owner: &'static str) -> Journey {
        self.owner = text::check(owner);
        self
    }

    /// Anything a reader of the document should know.
    #[must_use]
    pub const fn description(mut self, description: &'static str) -> Journey {
        self.description = text::check(description);
        self
    }

    /// Address of the page that tells what to do when its alerts fire.
    #[must_use]
    pub const fn runbook(mut self, runbook: &'static str) -> Journey {
        self.runbook = text::check(runbook);
        self
    }

    /// What is promised over the events of all endpoints of the journey in a service.
    #[must_use]
    pub const fn objectives(mut self, objectives: Objectives) -> Journey {
        self.objectives = Some(objectives);
        self
    }

    /// What the journey was called before, so that its error budgets, and those of its endpoints,
    /// go on under the new name.
    ///
    /// ```
    /// use slo_model::{Journey, Objectives};
    /// pub const BUY: Journey = Journey::new("buy")
    ///     .formerly(&["checkout"])
    ///     .objectives(Objectives::new().availability(99.9));
    /// ```
    ///
    /// It can go one window after the last program with the old name was stopped.
    ///
    /// # Panics
    /// If one of these is not the name of a journey, or the name it has now, or if there
    /// are more than four.
    #[must_use]
    pub const fn formerly(mut self, names: &'static [&'static str]) -> Journey {
        assert!(
            names.len() <= text::MAX_FORMER_NAMES,
            "a journey has at most four former names; those of more than one window ago can go"
        );
        let mut rest = names;
        while let [name, more @ ..] = rest {
            assert!(
                text::is_name(name),
                "a former name of a journey is made of lower-case letters, digits and single `-`, such as `checkout`"
            );
            assert!(
                !text::equal(name, self.name),
                "`formerly` is what the journey was called before, and this is what it is called now"
            );
            rest = more;
        }
        self.formerly = names;
        self
    }

    /// Returns the name it is known by.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the title given, or an empty text.
    pub const fn get_title(&self) -> &'static str {
        self.title
    }

    /// Returns the user given, or an empty text.
    pub const fn get_user(&self) -> &'static str {
        self.user
    }

    /// Returns the owner given, or an empty text.
    pub const fn get_owner(&self) -> &'static str {
        self.owner
    }

    /// Returns the description given, or an empty text.
    pub const fn get_description(&self) -> &'static str {
        self.description
    }

    /// Returns the runbook given, or an empty text.
    pub const fn get_runbook(&self) -> &'static str {
        self.runbook
    }

    /// Returns the objectives given.
    pub const fn get_objectives(&self) -> Option<Objectives> {
        self.objectives
    }

    /// Returns the former names given.
    pub const fn formerly_declared(&self) -> &'static [&'static str] {
        self.formerly
    }
}
