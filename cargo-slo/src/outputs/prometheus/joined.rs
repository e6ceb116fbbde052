//! Aggregates of what services export, under labels that expressions can be joined by.
//!
//! Prometheus 3 reads a quoted label in `by ("slo.endpoint")`, but evaluates `on
//! ("slo.endpoint")` from a text of its own that has lost the quotes. So where names have dots,
//! they are replaced by underscores before anything is joined.

use super::{job::Labelled, promql};
use crate::outputs::Settings;

/// Labels that series are summed up and joined by.
#[derive(Debug)]
pub(super) struct Joined<'a> {
    settings: &'a Settings,
    attributes: Vec<&'static str>,
}

impl<'a> Joined<'a> {
    /// Those that tell services apart, and these attributes.
    pub(super) fn by(attributes: &[&'static str], settings: &'a Settings) -> Joined<'a> {
        let mut all = Labelled::new(settings).attributes().to_vec();
        all.extend_from_slice(attributes);
        Joined {
            settings,
            attributes: all,
        }
    }

    /// An aggregate of series by the labels.
    pub(super) fn aggregate(&self, operator: &str, series: &str) -> String {
        let names = self.settings.names;
        let by: Vec<_> = self
            .attributes
            .iter()
            .map(|name| names.label(name))
            .collect();
        let aggregate = format!("{operator} by ({}) ({series})", by.join(", "));
        renamed(&aggregate, &self.attributes, self.settings)
    }

    /// The labels as the aggregates have them, for `on (…)`.
    pub(super) fn labels(&self) -> String {
        let labels: Vec<_> = self
            .attributes
            .iter()
            .map(|name| name.replace('.', "_"))
            .collect();
        labels.join(", ")
    }
}

/// The expression with its labels under the names that recorded series have.
pub(super) fn renamed(expr: &str, attributes: &[&str], settings: &Settings) -> String {
    let dotted = attributes.iter().filter(|name| name.contains('.'));
    if !settings.names.is_utf8() || dotted.clone().next().is_none() {
        return expr.to_owned();
    }
    let mut out = expr.to_owned();
    for attribute in dotted.clone() {
        let name = attribute.replace('.', "_");
        out = format!("label_replace({out}, \"{name}\", \"$1\", \"{attribute}\", \"(.*)\")");
    }
    let dotted: Vec<_> = dotted.map(|name| format!("\"{name}\"")).collect();
    format!(
        "max without ({}) (\n{}\n)",
        dotted.join(", "),
        promql::indented(&out)
    )
}
