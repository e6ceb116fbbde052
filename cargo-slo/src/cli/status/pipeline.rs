//! `status --pipeline`: what becomes of counts on their way.

use super::pipeline_report;
use crate::{
    cli::{Exit, columns::columns, failure::Failure},
    diagnostics::Diagnostic,
    input::{http::Headers, prometheus::Prometheus, values::Length},
    outputs::{Names, ServiceLabel},
    pipeline::{Check, Exporter, State},
    text::{json, visible},
};
use clap::Args;
use std::io::Write;

/// The way from services to the store.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "The way of counts")]
pub(super) struct PipelineOptions {
    /// Check the way from services to the store: send known counts of a service that does not exist, and
    /// say what was renamed, stripped, dropped, doubled or late. Exits with 0 where nothing was, with 1
    /// where something was, and with 2 where that can't be told
    #[arg(
        long,
        conflicts_with_all = [
            "files", "cargo-options", "file-options", "service", "slo_toml", "catalog", "may_read",
            "explain", "all", "watch", "at",
        ]
    )]
    pub(super) pipeline: bool,
    /// Where exports go, as services name it: `http://collector:4318` [default: the environment
    /// variable OTEL_EXPORTER_OTLP_METRICS_ENDPOINT, else OTEL_EXPORTER_OTLP_ENDPOINT]
    #[arg(long, value_name = "URL", requires = "pipeline")]
    otlp: Option<String>,
    /// Sent with each export, such as `X-Scope-OrgID: shop`; secrets are safer in the environment
    /// variable OTEL_EXPORTER_OTLP_HEADERS, as services read it
    #[arg(
        long = "otlp-header",
        value_name = "NAME: VALUE",
        requires = "pipeline"
    )]
    otlp_headers: Vec<String>,
    /// How long counts may take into the store at most [default: 2m]
    #[arg(long, value_name = "DURATION", requires = "pipeline")]
    wait: Option<Length>,
    /// Counts that take longer are late [default: 90s]
    #[arg(long, value_name = "DURATION", requires = "pipeline")]
    late_after: Option<Length>,
}

/// How it is written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Written {
    Human,
    Json,
    Markdown,
}

impl PipelineOptions {
    /// Checks the way to a store, in which rules find series by these names.
    pub(super) fn run(
        &self,
        prometheus: Prometheus,
        matchers: &str,
        (names, label): (Names, ServiceLabel),
        written: Written,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> Result<Exit, Failure> {
        let seconds = |length: Option<Length>, default| {
            length.map_or(std::time::Duration::from_secs(default), Length::duration)
        };
        let (wait, late_after) = (seconds(self.wait, 120), seconds(self.late_after, 90));
        if late_after > wait {
            return Err(Diagnostic::error("`--late-after` is longer than `--wait`")
                .with_help("what is late has to be waited for: make `--wait` longer")
                .into());
        }
        let headers = Headers::of_exports(&self.otlp_headers)?;
        let exporter = Exporter::new(self.otlp.as_deref(), headers).map_err(|error| *error)?;
        let check = Check {
            exporter: &exporter,
            prometheus: &prometheus.within(wait),
            matchers,
            names,
            label,
            wait,
            late_after,
        };
        let report = check.run(&mut |what| {
            // Where nobody reads remarks, the work goes on.
            let _ = writeln!(err, "{}", visible(what));
        });
        let report = report.map_err(|error| *error)?;
        match written {
            Written::Human => pipeline_report::human(out, &report, columns())?,
            Written::Json => {
                json::write_pretty(out, &report)?;
                writeln!(out)?;
            }
            Written::Markdown => pipeline_report::markdown(out, &report)?,
        }
        out.flush()?;
        writeln!(err, "{}", visible(&report.summary))?;
        Ok(match report.state {
            State::Ok => Exit::Clean,
            State::Faults => Exit::Findings,
            State::Unknown => Exit::Failed,
        })
    }
}
