//! The outputs there are.

use super::{File, prometheus::Prometheus};
use crate::definition::Definition;
use std::fmt;

/// What generated files say they were made by.
pub const GENERATOR: &str = concat!("cargo-slo ", env!("CARGO_PKG_VERSION"));

/// A system that definitions are generated for.
///
/// The same definition always gives the same files, byte by byte: whoever keeps them in a
/// repository sees a difference only where something changed.
pub trait Output: fmt::Debug + Sync {
    /// The name it is asked for by.
    fn name(&self) -> &'static str;

    /// What it generates, in one line.
    fn about(&self) -> &'static str;

    /// The files for these services.
    fn generate(&self, definition: &Definition) -> Vec<File>;
}

/// Every output there is, by name.
pub fn all() -> &'static [&'static dyn Output] {
    &[&Prometheus]
}

/// The output of this name.
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
