//! The recipes of `docs/gate.md`, by those whom they are for.
//!
//! The workflow of GitHub is read by actionlint, the job of GitLab by its schema, the resources of
//! Argo Rollouts and Flagger by their types and the schemas of their `CustomResourceDefinition`s;
//! each also with a mistake, which has to be refused. Then each runs, against a store with budget
//! left, with none and without an answer: the step of GitHub in its shell, the job of GitLab by
//! gitlab-ci-local, with labels of a merge request, the command of Argo's `Job`, and the webhook of
//! Flagger by its load tester. What a merge request says of its own policy makes no difference.

mod recipes;
mod shop;
mod store;

use super::tools;
use crate::{Outcome, command::root};
use recipes::Recipes;
use shop::Shop;
use std::fs;
use store::{Budget, Store};

/// What lets an unknown gate pass, by the manual.
const UNKNOWN_PASSES: &str = " || test $? -eq 2";

/// What a recipe does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Delivery {
    Passes,
    Stops,
}

pub(super) fn run() -> Outcome {
    let folder = root().join("target/interop/gate");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let shop = Shop::make(&folder)?;
    let recipes = Recipes::new(&folder)?;
    let mut refused = 0;
    for (recipe, from, to) in [
        ("slo-gate.yml", "runs-on:", "run-on:"),
        (".gitlab-ci.yml", "  script:", "  scripts:"),
        ("slo-gate.yaml", "backoffLimit:", "backofLimit:"),
        ("slo-gate.yaml", "templateName:", "template:"),
        ("orders.canary.yaml", "confirm-rollout", "confirm-rolout"),
        ("orders.canary.yaml", "stepWeight: 10", "stepWeight: ten"),
    ] {
        if recipes.is_refused(recipe, from, from)? {
            return Err(format!("{recipe} is refused as it stands"));
        }
        if !recipes.is_refused(recipe, from, to)? {
            return Err(format!("{recipe} with `{to}` is not refused"));
        }
        refused += 1;
    }
    eprintln!("  gate: {refused} mistakes are refused");
    let mut rows = 0;
    for (budget, change, unknown_passes, expected) in [
        (Budget::Left, "feature", false, Delivery::Passes),
        (Budget::Spent, "feature", false, Delivery::Stops),
        (Budget::Spent, "fix", false, Delivery::Passes),
        (Budget::Spent, "rollback", false, Delivery::Passes),
        (Budget::Spent, "feature", true, Delivery::Stops),
        (Budget::Unknown, "feature", false, Delivery::Stops),
        (Budget::Unknown, "feature", true, Delivery::Passes),
        (Budget::Unknown, "rollback", false, Delivery::Passes),
    ] {
        let store = Store::start(budget)?;
        let asked = recipes::Asked {
            shop: &shop,
            prometheus: &store.url,
            change,
            more: if unknown_passes { UNKNOWN_PASSES } else { "" },
        };
        for (name, outcome) in recipes.run(&asked)? {
            if outcome != expected {
                return Err(format!(
                    "{name}, {budget:?}, {change}{}: {outcome:?}, not {expected:?}; see {}",
                    asked.more,
                    folder.display()
                ));
            }
            rows += 1;
        }
    }
    eprintln!("  gate: {rows} runs end as the manual says");
    let expected = 3 * 8 + 5;
    match rows == expected {
        true => Ok(()),
        false => Err(format!("{rows} runs, not {expected}")),
    }
}

/// The program that reads recipes.
fn judge() -> Result<std::path::PathBuf, String> {
    tools::built("gate", ".")
}
