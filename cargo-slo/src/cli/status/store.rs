//! Which store is asked, and about which moment.

use crate::{
    cli::{failure::Failure, prometheus_options::PrometheusOptions, spelling::explain_absence},
    diagnostics::Diagnostic,
    fleet::Fleet,
    input::{http::AskError, prometheus::Prometheus},
    status::{
        recorded::Store,
        report::{Report, report},
    },
};
use clap::Args;
use jiff::{Timestamp, tz::TimeZone};

/// The store that the rules of `cargo slo generate prometheus` record in.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What was counted")]
pub(in crate::cli) struct StoreOptions {
    #[command(flatten)]
    prometheus_options: PrometheusOptions,
    /// Only series that these matchers let through, such as `env="prod"`
    #[arg(long = "match", value_name = "MATCHERS")]
    matchers: Option<String>,
    /// The moment to look at [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    at: Option<Timestamp>,
    /// The time zone of calendar windows, and of times that are shown
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = zone)]
    time_zone: Option<TimeZone>,
}

fn moment(text: &str) -> Result<Timestamp, String> {
    let moment = text.parse::<Timestamp>();
    moment
        .map_err(|_| format!("`{text}` is not a moment; expected one such as 2026-11-29T14:00:00Z"))
}

fn zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text)
        .map_err(|_| format!("`{text}` is not a time zone; expected one such as Asia/Tokyo"))
}

impl StoreOptions {
    /// The time zone.
    pub(in crate::cli) fn zone(&self) -> TimeZone {
        self.time_zone.clone().unwrap_or(TimeZone::UTC)
    }

    /// The moment.
    pub(in crate::cli) fn moment(&self) -> Timestamp {
        self.at.unwrap_or_else(Timestamp::now)
    }

    /// The store, before anything is built.
    pub(in crate::cli) fn prometheus(&self) -> Result<Prometheus, Failure> {
        match self.prometheus_options.url() {
            Some(url) => self.prometheus_options.prometheus(url),
            None => Err(Diagnostic::error("which store knows what was counted?")
                .with_help(
                    "`--prometheus URL` names it: the Prometheus, Mimir, Thanos or VictoriaMetrics in which \
                     the rules of `cargo slo generate prometheus` record",
                )
                .into()),
        }
    }

    /// Where the SLOs of a fleet stand; of one that is named, also who spent its budget.
    pub(in crate::cli) fn report(
        &self,
        prometheus: &Prometheus,
        fleet: &Fleet<'_>,
        who: Option<&str>,
    ) -> Result<Report, Failure> {
        let store = Store {
            prometheus,
            now: self.moment().as_second(),
            matchers: self.matchers.as_deref().unwrap_or_default(),
        };
        let ask = || {
            let mut report = report(fleet, &store, &self.zone())?;
            if let Some(slo) = who {
                report.ask_who(slo, fleet, &store)?;
            }
            if let Some(partial) = prometheus.partial() {
                report.distrust(
                    &std::iter::once(partial.message)
                        .chain(partial.notes)
                        .collect::<Vec<_>>()
                        .join(": "),
                );
            }
            Ok(report)
        };
        let mut report = ask().map_err(|error: AskError| Failure::from(error.diagnostic()))?;
        explain_absence(&mut report, prometheus, store.matchers)?;
        Ok(report)
    }
}
