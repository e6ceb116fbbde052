//! What a person says about where the outputs are used.

/// What is not in the build: how the systems that read the outputs are set up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// The `service.namespace` the services run in, where it is known.
    pub namespace: Option<String>,
}
