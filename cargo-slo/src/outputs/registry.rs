//! The outputs there are.

use super::{
    File, Settings,
    alertmanager::Alertmanager,
    datadog::Datadog,
    grafana::Grafana,
    openslo::OpenSlo,
    prometheus::{Prometheus, PrometheusRule, Promtool},
    pyrra::Pyrra,
    sloth::Sloth,
    terraform::Terraform,
};
use crate::{diagnostics::Diagnostic, fleet::Fleet};
use std::fmt;

/// A system that definitions are generated for.
///
/// The same definition always gives the same files, byte by byte: whoever keeps them in a
/// repository sees a difference only where something changed.
pub trait Output: fmt::Debug + Sync {
    /// The name it is asked for by.
    fn name(&self) -> &'static str;

    /// What it generates, in one line.
    fn about(&self) -> &'static str;

    /// What of these services it can't write down at all, an error each that says which line
    /// of which source to change. Asked before anything is generated.
    fn refusals(&self, fleet: &Fleet<'_>, settings: &Settings) -> Vec<Diagnostic> {
        let _ = (fleet, settings);
        Vec::new()
    }

    /// The files for these services, made one after the other as they are asked for: a
    /// thousand services need the memory of one.
    fn generate<'a>(&self, fleet: &'a Fleet<'a>, settings: &'a Settings) -> Files<'a>;
}

/// Generated files, each made when it is asked for.
pub type Files<'a> = Box<dyn Iterator<Item = File> + 'a>;

/// Returns every output there is, by name.
pub fn all() -> &'static [&'static dyn Output] {
    &[
        &Alertmanager,
        &Datadog,
        &Grafana,
        &OpenSlo,
        &Prometheus,
        &PrometheusRule,
        &Promtool,
        &Pyrra,
        &Sloth,
        &Terraform,
    ]
}

/// Returns the output of this name.
pub fn find(name: &str) -> Option<&'static dyn Output> {
    all().iter().copied().find(|output| output.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_found_by_their_names() {
        let mut names: Vec<_> = all().iter().map(|output| output.name()).collect();
        for name in &names {
            assert_eq!(find(name).map(Output::name), Some(*name));
        }
        let listed = names.clone();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names, listed);
        assert!(find("nagios").is_none());
    }
}
