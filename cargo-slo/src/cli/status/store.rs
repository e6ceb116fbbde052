//! Which store is asked, and about which moment.

use crate::{
    cli::{failure::Failure, prometheus_options::PrometheusOptions, spelling::explain_absence},
    diagnostics::{self, Diagnostic},
    fleet::Fleet,
    input::{
        http::{Address, AskError, Tls},
        prometheus::Prometheus,
    },
    status::{
        recorded::Store,
        report::{Report, report, unanswered},
    },
};
use clap::Args;
use jiff::{Timestamp, tz::TimeZone};
use std::io::Write;

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

    /// Whom an address is believed.
    pub(in crate::cli) fn tls(&self, address: &Address) -> Result<Tls, Failure> {
        self.prometheus_options.tls(address)
    }

    /// What all series have to meet; nothing for none.
    pub(in crate::cli) fn matchers(&self) -> &str {
        self.matchers.as_deref().unwrap_or_default()
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
        let asked = self.ask(prometheus, fleet, who);
        asked.map_err(|error| Failure::from(error.diagnostic()))
    }

    /// The same where a store that can't be asked is an answer: nothing is known. Why is told on `err`.
    pub(in crate::cli) fn report_or_unknown(
        &self,
        prometheus: &Prometheus,
        fleet: &Fleet<'_>,
        err: &mut dyn Write,
    ) -> Result<Report, Failure> {
        let error = match self.ask(prometheus, fleet, None) {
            Ok(report) => return Ok(report),
            Err(error) => error.diagnostic(),
        };
        diagnostics::human::write(err, &error)?;
        let now = self.moment().as_second();
        Ok(unanswered(fleet, now, &self.zone(), &error.message))
    }

    fn ask(
        &self,
        prometheus: &Prometheus,
        fleet: &Fleet<'_>,
        who: Option<&str>,
    ) -> Result<Report, AskError> {
        let store = Store {
            prometheus,
            now: self.moment().as_second(),
            matchers: self.matchers(),
        };
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
        explain_absence(&mut report, prometheus, store.matchers)?;
        Ok(report)
    }
}
