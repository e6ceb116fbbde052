//! The command.

use super::{burn_rates, glossary::terms};
use crate::{
    cli::{Exit, failure::Failure, manifest_options::ManifestOptions, unread::Unread},
    diagnostics::{Diagnostic, nearest},
    input::values::{Promise, Traffic},
    rules,
};
use clap::Args;
use slo_model::Window;
use std::io::{self, Write};

/// What stands for the table in the place of a word.
const BURN_RATES: &str = "burn-rates";

/// Explain a rule, a word, or what burn rates come to
///
/// `cargo slo explain burn-rates --target 99.9% --traffic 526/month` shows what each alert means
/// for an SLO: when it fires, what is spent by then, and how many events it needs.
#[derive(Debug, Args)]
pub(in crate::cli) struct Explain {
    /// A rule, a word of the glossary, or `burn-rates`; without one, all there are
    #[arg(value_name = "WORD", num_args = 0..)]
    words: Vec<String>,
    /// The target, for burn rates
    #[arg(long, value_name = "PERCENT", default_value = "99.9%", value_parser = target)]
    target: Promise,
    /// Expected valid events, for burn rates
    #[arg(long, value_name = "N/PERIOD")]
    traffic: Option<Traffic>,
    /// The window of the SLO, for burn rates
    #[arg(long, default_value = "30d")]
    window: Window,
    #[command(flatten)]
    facts: ManifestOptions,
}

/// On a command line, `99.9` is as clear as `99.9%`.
fn target(text: &str) -> Result<Promise, String> {
    let text = format!("{}%", text.trim_end_matches('%'));
    let promise: Promise = text.parse().map_err(|error| format!("{error}"))?;
    Ok(promise)
}

impl Explain {
    pub(in crate::cli) fn run(
        &self,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> Result<Exit, Failure> {
        let word = self.words.join(" ");
        if word.is_empty() {
            everything(out)?;
        } else if word == BURN_RATES {
            let asked = burn_rates::Asked {
                target: self.target.target,
                window: self.window,
                traffic: self.traffic,
            };
            let known = self.facts.read(&mut Unread::default(), err)?;
            burn_rates::write(out, &asked, known.scaling, &known.catalogue)?;
        } else if let Some(rule) = rules::find(&word) {
            writeln!(
                out,
                "{} ({})\n\n{}",
                rule.name,
                rule.level.as_str(),
                rule.text().trim_end()
            )?;
        } else if let Some(term) = terms().find(|term| term.is_called(&word)) {
            writeln!(out, "{}\n\n{}", term.name, term.text)?;
        } else {
            return Err(unknown(&word).into());
        }
        Ok(Exit::Clean)
    }
}

fn everything(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "Rules, explained by `cargo slo explain RULE`:\n")?;
    for rule in rules::all() {
        writeln!(out, "  {}", rule.name)?;
    }
    writeln!(out, "\nWords, explained by `cargo slo explain WORD`:\n")?;
    for term in terms() {
        writeln!(out, "  {}", term.name)?;
    }
    writeln!(
        out,
        "\nAlerts as a table: `cargo slo explain burn-rates --target 99.9% --traffic 526/month`"
    )
}

fn unknown(word: &str) -> Diagnostic {
    let known = rules::all().iter().map(|rule| rule.name);
    let known = known
        .chain(terms().map(|term| term.name))
        .chain([BURN_RATES]);
    let error = Diagnostic::error(format!("there is no rule and no word called `{word}`"));
    let error = match nearest(word, known) {
        Some(meant) => error.with_help(format!("did you mean `{meant}`?")),
        None => error,
    };
    error.with_help("`cargo slo explain` shows all there are")
}
