//! `cargo slo explain`: what a rule or a word means, and what burn rates come to.
//!
//! `command` finds what is asked for, `glossary` holds the words, `burn_rates` the table.

mod burn_rates;
mod command;
mod glossary;

pub(super) use command::Explain;
#[cfg(test)]
pub(crate) use glossary::terms;
