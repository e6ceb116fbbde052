//! `cargo slo dev`: services while they run.

use super::{Exit, failure::Failure, running::Running, tls_options::TlsOptions};
use crate::{
    diagnostics::{Diagnostic, human},
    input::{NamedBy, http::Address, read_text, values::Length},
    live::{
        self, Definitions, Difference, End, Ended, Expectation, Line, SessionError, Settings,
        Verdict, Watcher,
        view::{Scale, View},
    },
    text::{markdown, visible},
};
use clap::{Args, ValueEnum};
use std::{
    env,
    ffi::OsString,
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

/// The port of OTLP over HTTP.
const PORT: u16 = 4318;
/// What stands for 30 days, at least and at most.
const WINDOWS: [Duration; 2] = [Duration::from_secs(60), Duration::from_secs(30 * 86_400)];
/// Longest recording that is read, in bytes.
const MAX_RECORDING_BYTES: u64 = 256 << 20;
/// A command that exports nothing for longer than this has built something, and printed that.
const BUILD_SECONDS: u32 = 3;
/// The file that GitHub shows beside a run.
const SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Show the SLOs of services while they run: counts, budgets, and whether somebody would be paged
///
/// Listens on this machine for what services export with OTLP, over HTTP and gRPC, and serves a page
/// at the address that it prints. A command after `--` is started so that it exports here, each
/// second; its exit code is that of this command. Windows and budgets are shortened by one factor, so
/// that they move while one watches.
#[derive(Debug, Args)]
pub(super) struct Dev {
    /// How long a window of 30 days takes here; all others are shortened by the same factor
    #[arg(long, value_name = "DURATION", default_value = "10m")]
    window: Length,
    /// The port to listen on, or where it is taken one of the next 50; 0 for any
    #[arg(long, value_name = "PORT", default_value_t = PORT)]
    port: u16,
    /// Fail unless this holds in the end, such as 'checkout.availability bad <= 2'
    #[arg(long, value_name = "EXPECTATION")]
    expect: Vec<Expectation>,
    /// End after this long, and the command with it
    #[arg(long = "for", value_name = "DURATION")]
    lasts: Option<Length>,
    /// Write what was seen in the end to a file
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Compare two files of `--record`, and fail where the second is worse
    #[arg(
        long,
        num_args = 2,
        value_names = ["BEFORE", "AFTER"],
        conflicts_with_all = ["command", "record", "expect", "lasts", "forward", "bin", "export"]
    )]
    compare: Option<Vec<PathBuf>>,
    /// Pass on what comes to another collector, with OTLP over HTTP
    #[arg(long, value_name = "URL")]
    forward: Option<String>,
    #[command(flatten)]
    tls: TlsOptions,
    /// Where the page looks at traces, with `{trace}` and `{span}` in it
    #[arg(long, value_name = "URL")]
    trace_link: Option<String>,
    /// How to tell what is seen: each second, and what `--compare` finds
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    running: Running,
    /// A command that exports, and its arguments
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line on standard error where something changed
    #[default]
    Human,
    /// A line of JSON on standard output
    Json,
}

impl Dev {
    pub(super) fn run(&self, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit, Failure> {
        if let Some([before, after]) = self.compare.as_deref() {
            return self.compare(before, after, out);
        }
        let settings = self.settings(err)?;
        let mut teller = Teller {
            running: &self.running,
            format: self.format,
            out,
            err,
            last: String::new(),
            page: None,
            silent_seconds: 0,
        };
        let Ended { end, view } = live::run(&settings, &mut teller)?;
        if let Some(file) = &self.record {
            record(file, &view)?;
        }
        let verdicts: Vec<_> = self
            .expect
            .iter()
            .map(|expected| expected.judge(&view))
            .collect();
        for verdict in &verdicts {
            writeln!(err, "{}", visible(&verdict.sentence))?;
        }
        let line = Line::from_view(&view);
        if let Some(file) = env::var_os(SUMMARY).filter(|_| !verdicts.is_empty()) {
            summarize(Path::new(&file), &verdicts, &line)?;
        }
        Ok(match end {
            End::Child(code @ 1..) => Exit::Program(code),
            _ if verdicts.iter().any(|verdict| !verdict.is_met) => Exit::Findings,
            _ => Exit::Clean,
        })
    }

    fn settings(&self, err: &mut dyn Write) -> Result<Settings, Failure> {
        let window = self.window.duration();
        let [shortest, longest] = WINDOWS;
        if window < shortest || window > longest {
            return Err(Diagnostic::error("`--window` takes 1m to 30d")
                .with_note(
                    "services export once or twice a second, and an alert needs several of those",
                )
                .into());
        }
        let forward = self.forward.as_deref().map(Address::parse).transpose()?;
        let forward_tls = forward.as_ref().map(|address| self.tls.read(address));
        if self
            .trace_link
            .as_deref()
            .is_some_and(|link| !is_link(link))
        {
            return Err(
                Diagnostic::error("`--trace-link` takes a URL with `{trace}` in it")
                    .with_help("for example http://localhost:16686/trace/{trace}")
                    .into(),
            );
        }
        Ok(Settings {
            window,
            port: self.port,
            command: self.command.clone(),
            lasts: self.lasts.map(Length::duration),
            forward,
            forward_tls: forward_tls.transpose()?.unwrap_or_default(),
            trace_link: self.trace_link.clone(),
            definitions: self.running.named(err)?,
        })
    }

    fn compare(&self, before: &Path, after: &Path, out: &mut dyn Write) -> Result<Exit, Failure> {
        let differences = live::compare(&recorded(before)?, &recorded(after)?);
        match self.format {
            Format::Human if differences.is_empty() => writeln!(out, "nothing differs")?,
            Format::Human => differences.iter().try_for_each(|difference| {
                let word = if difference.is_regression {
                    "worse: "
                } else {
                    ""
                };
                writeln!(out, "{word}{}", visible(&difference.sentence))
            })?,
            Format::Json => writeln!(out, "{}", json(&differences)?)?,
        }
        let is_worse = |difference: &Difference| difference.is_regression;
        Ok(match differences.iter().any(is_worse) {
            true => Exit::Findings,
            false => Exit::Clean,
        })
    }
}

/// Whether a browser may be sent there with the identity of a trace.
fn is_link(link: &str) -> bool {
    let is_web = link.starts_with("http://") || link.starts_with("https://");
    is_web && link.contains("{trace}")
}

/// Tells how a session goes: where it is and remarks on standard error, and each second a line.
struct Teller<'w> {
    running: &'w Running,
    format: Format,
    out: &'w mut dyn Write,
    err: &'w mut dyn Write,
    last: String,
    /// The address of the page, until a service is heard of.
    page: Option<String>,
    silent_seconds: u32,
}

impl Watcher for Teller<'_> {
    fn started(&mut self, page: &str, endpoint: &str, scale: Scale) -> io::Result<()> {
        self.page = Some(page.to_owned());
        writeln!(self.err, "slo: page      {page}")?;
        writeln!(
            self.err,
            "slo: endpoint  {endpoint}  (OTLP: http/protobuf, http/json, gRPC)"
        )?;
        writeln!(self.err, "slo: time      {}", scale.sentence())
    }

    fn second(&mut self, view: &View) -> io::Result<()> {
        let line = Line::from_view(view);
        if self.format == Format::Json {
            writeln!(self.out, "{}", serde_json::to_string(&line)?)?;
            return self.out.flush();
        }
        self.silent_seconds += u32::from(view.services.is_empty());
        // What a build prints stands between the first lines and this one.
        if let Some(page) = self.page.take_if(|_| !view.services.is_empty())
            && self.silent_seconds > BUILD_SECONDS
        {
            writeln!(self.err, "slo: page      {page}")?;
        }
        if line.summary != self.last {
            writeln!(self.err, "slo: {}", visible(&line.summary))?;
            self.last = line.summary;
        }
        Ok(())
    }

    fn running(&mut self, programs: &[PathBuf]) -> io::Result<Definitions> {
        self.running.found(programs, self.err)
    }

    fn silent(&mut self, causes: &[String]) -> io::Result<()> {
        let mut told = Diagnostic::warning("the command exported nothing so far");
        for cause in causes {
            told = told.with_note(cause);
        }
        human::write(self.err, &told)
    }
}

fn record(file: &Path, view: &View) -> Result<(), Failure> {
    let text = json(view)?;
    fs::write(file, text + "\n").map_err(|error| {
        Failure::from(Diagnostic::error(format!("can't be written: {error}")).at(file))
    })
}

fn recorded(file: &Path) -> Result<View, Failure> {
    let told = |text: String| Failure::from(Diagnostic::error(text).at(file));
    let text = read_text(file, MAX_RECORDING_BYTES, NamedBy::Person)
        .map_err(|error| told(format!("can't be read: {error}")))?;
    serde_json::from_str(&text).map_err(|error| {
        told(format!(
            "is not a file of `cargo slo dev --record`: {error}"
        ))
    })
}

fn json(value: &(impl serde::Serialize + ?Sized)) -> Result<String, Failure> {
    serde_json::to_string_pretty(value).map_err(|error| io::Error::other(error).into())
}

/// Adds what became of expectations to the page of a run.
fn summarize(file: &Path, verdicts: &[Verdict], line: &Line) -> Result<(), Failure> {
    let mut text = String::from("### SLOs in this run\n\n");
    for verdict in verdicts {
        let mark = if verdict.is_met { "✅" } else { "❌" };
        text += &format!("- {mark} {}\n", markdown::escaped(&verdict.sentence));
    }
    text += &format!("\n{}\n", markdown::escaped(&line.summary));
    let opened = OpenOptions::new().append(true).create(true).open(file);
    let written = opened.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| {
        Diagnostic::error(format!("the summary can't be written: {error}"))
            .at(file)
            .into()
    })
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Failure {
        match error {
            SessionError::Told(error) => Failure::Stream(error),
            error => Diagnostic::error(error.to_string()).into(),
        }
    }
}
