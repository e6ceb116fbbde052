//! What systems are called, and what helps where they don't answer.

/// A system that is asked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct System {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it answers.
    pub(crate) answer: &'static str,
    /// An address as it is written on the command line.
    pub(crate) example: &'static str,
    /// How it is told who asks.
    pub(crate) sign_in: &'static str,
    /// What its address leaves out.
    pub(crate) root: &'static str,
}
