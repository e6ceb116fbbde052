//! The series that are played, in promtool's notation.

use super::{
    file::{Cases, push},
    history::{History, Outcome},
    played::Series,
};
use crate::{
    definition::Slo,
    outputs::{
        ServiceLabel,
        prometheus::{names::Instrument, promql::equals},
    },
    text::yaml::quoted,
};

impl Cases<'_> {
    pub(super) fn write_counter(
        &self,
        out: &mut String,
        series: Series<'_>,
        history: &History,
        outcome: Outcome,
    ) {
        let names = self.settings.names;
        let mut matchers = self.labels();
        let label = |attribute, value: &str| equals(&names.label(attribute), value);
        matchers.extend([
            label("slo.journey", series.journey),
            label("slo.endpoint", series.endpoint),
            label("slo.sli", &series.slo.identity.sli),
            label(
                "slo.outcome",
                match outcome {
                    Outcome::Good => "good",
                    Outcome::Bad => "bad",
                },
            ),
        ]);
        for (process, samples) in history.samples(outcome).iter().enumerate() {
            let mut matchers = matchers.clone();
            matchers.push(self.id(process));
            let series = names.selector(Instrument::Events, &matchers);
            write_series(out, &series, samples);
        }
    }

    /// When each process began: a minute before it is seen first.
    pub(super) fn write_starts(&self, out: &mut String, history: &History) {
        for (process, (first, last)) in history.lives().into_iter().enumerate() {
            let mut matchers = self.labels();
            matchers.push(self.id(process));
            let names = self.settings.names;
            let series = names.selector(Instrument::StartTime, &matchers);
            let seconds = (first * self.step * 60).saturating_sub(60);
            let before = match first {
                0 => String::new(),
                first => format!("_x{first} "),
            };
            write_series(out, &series, &format!("{before}{seconds}x{}", last - first));
        }
    }

    /// The label that tells a process apart.
    fn id(&self, process: usize) -> String {
        let label = match self.settings.service_label {
            ServiceLabel::Job => "instance".to_owned(),
            ServiceLabel::ServiceName => self.settings.names.label("service.instance.id"),
        };
        equals(&label, &process.to_string())
    }

    pub(super) fn write_objective(&self, out: &mut String, slo: &Slo, steps: usize) {
        let names = self.settings.names;
        let identity = &slo.identity;
        let label = |attribute, value: &str| equals(&names.label(attribute), value);
        let mut matchers = self.labels();
        matchers.push(label("slo.journey", &identity.journey));
        let endpoint = identity.endpoint.as_deref();
        matchers.extend(endpoint.map(|name| label("slo.endpoint", name)));
        matchers.push(label("slo.sli", &identity.sli));
        matchers.push(label("slo.window", &slo.window.to_string()));
        if !slo.owner.is_empty() {
            matchers.push(label("slo.owner", &slo.owner));
        }
        let series = names.selector(Instrument::Objective, &matchers);
        write_series(out, &series, &format!("{}x{steps}", slo.target.ratio()));
    }

    /// The labels of the one job that is played.
    fn labels(&self) -> Vec<String> {
        self.job.exported()
    }

    /// Of each job how often it is to run, and that it succeeded with every sample.
    pub(super) fn write_successes(&self, out: &mut String, steps: usize) {
        self.write_jobs(out, steps, &format!("0+{}x{steps}", self.step * 60));
    }

    /// Of each job how often it is to run, and that it succeeded at the first step and never since.
    pub(super) fn write_first_successes(&self, out: &mut String, steps: usize) {
        let values = format!("_ {}x{}", self.step * 60, steps.saturating_sub(1));
        self.write_jobs(out, steps, &values);
    }

    fn write_jobs(&self, out: &mut String, steps: usize, successes: &str) {
        let names = self.settings.names;
        for (endpoint, every) in &self.part.jobs {
            let mut matchers = self.labels();
            let label = |attribute, value: &str| equals(&names.label(attribute), value);
            matchers.extend([
                label("slo.journey", &endpoint.journey.name),
                label("slo.endpoint", &endpoint.name),
                self.id(0),
            ]);
            let interval = names.selector(Instrument::Interval, &matchers);
            write_series(out, &interval, &format!("{every}x{steps}"));
            let success = names.selector(Instrument::LastSuccess, &matchers);
            write_series(out, &success, successes);
        }
    }
}

fn write_series(out: &mut String, series: &str, values: &str) {
    push(
        out,
        format_args!("  - series: {}\n    values: \"{values}\"\n", quoted(series)),
    );
}
