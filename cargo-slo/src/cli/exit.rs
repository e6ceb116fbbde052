//! What the command's exit code says.

use std::process::ExitCode;

/// How a command ended. The codes never mix: a pipeline that allows findings still stops
/// where nothing could be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: the command did its job and has nothing to object to.
    Clean = 0,
    /// 1: the command did its job and found something.
    Findings = 1,
    /// 2: the command could not do its job, also where its arguments are wrong.
    Failed = 2,
    /// 3: the command did its job and found that history is lost.
    Lost = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}
