//! `cargo slo generate`: files for other systems.

use super::{
    Exit,
    delivery::{Target, deliver_all, tell_empty},
    failure::Failure,
    manifest_options::{ManifestOptions, tell_unknown},
    sources::Sources,
    use_of_outputs::UseOfOutputs,
};
use crate::{
    diagnostics::{Diagnostic, nearest},
    input::{check_name, values::Date},
    outputs::{self, Output},
};
use clap::Args;
use std::io::Write;

/// Generate rules and definitions for other systems
#[derive(Debug, Args)]
pub(super) struct Generate {
    /// What to generate for, one or several; an unknown name lists the known ones
    #[arg(value_name = "OUTPUT", required = true)]
    outputs: Vec<String>,
    #[command(flatten)]
    target: Target,
    /// Only for services with this `service.namespace` [default: with any or none]
    #[arg(long, value_name = "NAME")]
    namespace: Option<String>,
    #[command(flatten)]
    sources: Sources,
    #[command(flatten)]
    use_of_outputs: UseOfOutputs,
    #[command(flatten)]
    facts: ManifestOptions,
}

impl Generate {
    pub(super) fn run(&self, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit, Failure> {
        // Before anything is built: a misspelt name should not cost a build.
        let outputs = self.chosen()?;
        let mut settings = self.use_of_outputs.settings();
        settings.namespace = self.namespace()?;
        let mut unread = self.sources.unread();
        let mut known = self.facts.read(&mut unread, err)?;
        let definition = self.sources.definition(&[], &mut unread, err)?;
        known.of_packages(&definition, &mut unread, err)?;
        let fleet = known.fleet(&definition, Date::today())?;
        tell_empty(&definition, err)?;
        tell_unknown(&fleet, err)?;
        let of_all = outputs::refusals(&fleet);
        if !of_all.is_empty() {
            return Err(Failure::Told(of_all));
        }
        let refused: Vec<_> = outputs
            .iter()
            .flat_map(|output| output.refusals(&fleet, &settings))
            .collect();
        if !refused.is_empty() {
            return Err(Failure::Told(refused));
        }
        let files = outputs
            .iter()
            .flat_map(|output| output.generate(&fleet, &settings));
        let exit = deliver_all(files, &definition, &self.target, out, err)?;
        unread.exit(exit, err)
    }

    fn namespace(&self) -> Result<Option<String>, Failure> {
        let Some(name) = &self.namespace else {
            return Ok(None);
        };
        match check_name(name) {
            Ok(()) => Ok(Some(name.clone())),
            Err(why) => Err(Diagnostic::error(format!(
                "`{name}` can't be a namespace here: {why}"
            ))
            .with_help("without `--namespace`, the rules hold in every namespace")
            .into()),
        }
    }

    fn chosen(&self) -> Result<Vec<&'static dyn Output>, Failure> {
        let mut chosen: Vec<&'static dyn Output> = Vec::new();
        for name in &self.outputs {
            let Some(output) = outputs::find(name) else {
                return Err(no_such_output(name).into());
            };
            if chosen.iter().all(|other| other.name() != output.name()) {
                chosen.push(output);
            }
        }
        Ok(chosen)
    }
}

/// Names the output that was probably meant, else says what each is.
fn no_such_output(name: &str) -> Diagnostic {
    let error = Diagnostic::error(format!("there is no output called `{name}`"));
    let all = outputs::all();
    match nearest(name, all.iter().map(|output| output.name())) {
        Some(meant) => {
            let known: Vec<_> = all.iter().map(|one| format!("`{}`", one.name())).collect();
            error
                .with_note(format!("known are: {}", known.join(", ")))
                .with_help(format!("did you mean `{meant}`?"))
        }
        None => all
            .iter()
            .map(|output| format!("`{}`: {}", output.name(), output.about()))
            .fold(error, Diagnostic::with_note),
    }
}
