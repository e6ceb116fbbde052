//! The command.

use super::comparison::compare;
use crate::{
    cli::{
        Exit,
        coverage::OfferedBy,
        delivery::{Target, deliver_all, tell_empty},
        failure::Failure,
        manifest_options::{ManifestOptions, tell_unknown},
        sources::Sources,
    },
    document::{
        Format, Knowledge, Language, ReviewLink,
        changes::{Histories, Wanted},
        files, of_service,
    },
    fleet::{Fleet, Subject},
    input::{history::read, values::Date},
    outputs::File,
};
use clap::{Args, ValueEnum};
use std::{
    io::Write,
    path::{Path, PathBuf},
};

/// Write the SLO document of each service, for those who use, run and approve it
///
/// The document says what is promised and how it is measured, what the error budget is in time,
/// events and money, who is told when, what happens when the budget is spent, whom the service
/// depends on, and who approved what. The same input gives the same bytes.
///
/// With `--check`, exits with 1 where a file differs from what would be written.
#[derive(Debug, Args)]
pub(in crate::cli) struct Doc {
    #[command(flatten)]
    target: Target,
    /// How to write it down [default: both with `-o`, else Markdown]
    #[arg(long, value_enum, value_name = "FORMAT", value_delimiter = ',')]
    format: Vec<FormatOption>,
    /// The language of the document
    #[arg(long, value_enum, value_name = "LANGUAGE", default_value = "en")]
    lang: LanguageOption,
    /// Write nothing, and name the files that differ
    #[arg(long, requires = "output")]
    check: bool,
    /// How much of the history that git knows is shown
    #[arg(long, value_enum, value_name = "HOW MUCH", default_value = "settled")]
    history: HistoryOption,
    /// Show what this history counted, which `cargo slo check --write-history` wrote
    #[arg(long, value_name = "FILE")]
    measured: Option<PathBuf>,
    /// The day reviews are judged at [default: the document says when they are due]
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
    /// The form where reviews are answered, with `{service}`, `{slo}`, `{hash}`, `{title}` and `{body}`
    /// filled in for each SLO
    #[arg(long, value_name = "URL")]
    review_link: Option<ReviewLink>,
    /// Programs, `*.slo.json` files, folders that hold these, and patterns to read instead of
    /// building
    #[arg(value_name = "FILE", conflicts_with = "cargo-options")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    facts: ManifestOptions,
    #[command(flatten)]
    sources: Sources,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatOption {
    /// For where code is read
    Markdown,
    /// One page that needs nothing else, to look at and to print
    Html,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LanguageOption {
    /// English
    En,
    /// Japanese
    Ja,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum HistoryOption {
    /// All changes, the newest without its commit: the document may be a part of that
    Settled,
    /// All changes with their commits, for documents that are not kept beside them
    All,
    /// None; no repository is read
    None,
}

impl Doc {
    pub(in crate::cli) fn run(
        &self,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> Result<Exit, Failure> {
        let mut unread = self.sources.unread();
        let mut known = self.facts.read(&mut unread, err)?;
        let definition = self.sources.definition(&self.files, &mut unread, err)?;
        known.of_packages(&definition, &mut unread, err)?;
        // What `slo.toml` names: the document is about what is kept, not about one run.
        let apis = OfferedBy::default().read(&definition, &known, &mut unread, err)?;
        tell_empty(&definition, err)?;
        // Reviews are judged at no day unless one is given: before all of them.
        let today = self.today.unwrap_or(Date::EPOCH);
        let measured = self.measured.as_deref().map(read).transpose()?;
        let fleet = known
            .fleet(&definition, today)?
            .with_history(measured.as_ref())
            .offering(apis);
        tell_unknown(&fleet, err)?;
        let histories = self.histories(&fleet)?;
        let documents = fleet
            .subjects
            .iter()
            .flat_map(|subject| self.documents(&fleet, subject, &histories));
        let exit = match &self.target.output {
            Some(folder) if self.check => compare(documents, folder, out, err),
            _ => deliver_all(documents, &definition, &self.target, out, err),
        }?;
        unread.exit(exit, err)
    }

    fn histories(&self, fleet: &Fleet<'_>) -> Result<Histories, Failure> {
        let wanted = match self.history {
            HistoryOption::Settled => Wanted::Settled,
            HistoryOption::All => Wanted::All,
            HistoryOption::None => Wanted::None,
        };
        let files = fleet.subjects.iter().flat_map(kept);
        let files: Vec<_> = files.map(Path::to_owned).collect();
        Histories::read(wanted, &files).map_err(|error| error.diagnostic().into())
    }

    fn documents(
        &self,
        fleet: &Fleet<'_>,
        subject: &Subject<'_>,
        histories: &Histories,
    ) -> Vec<File> {
        let language = match self.lang {
            LanguageOption::En => Language::English,
            LanguageOption::Ja => Language::Japanese,
        };
        let history = histories.for_files(&kept(subject));
        let known = Knowledge {
            fleet,
            subject,
            history: &history,
            today: self.today,
            review_link: self.review_link.as_ref(),
        };
        files(&of_service(&known, language), &self.formats())
    }

    /// Each format once, Markdown first, in whatever order they are asked for.
    fn formats(&self) -> Vec<Format> {
        let is_wanted = |option| match (&*self.format, &self.target.output) {
            ([], Some(_)) => true,
            ([], None) => option == FormatOption::Markdown,
            (chosen, _) => chosen.contains(&option),
        };
        [
            (FormatOption::Markdown, Format::Markdown),
            (FormatOption::Html, Format::Html),
        ]
        .into_iter()
        .filter(|(option, _)| is_wanted(*option))
        .map(|(_, format)| format)
        .collect()
    }
}

/// The files about a service that people may keep in git, in an order that is not that of the
/// command line.
fn kept<'a>(subject: &Subject<'a>) -> Vec<&'a Path> {
    let manifest = subject.manifest.map(|manifest| &*manifest.file.path);
    let exports = subject.service.files.iter().map(|file| &**file);
    let exports = exports.filter(|file| file.extension().is_some_and(|ending| ending == "json"));
    let mut files: Vec<_> = manifest.into_iter().chain(exports).collect();
    files.sort_unstable();
    files.dedup();
    files
}
