//! What the command's exit code says.

use std::process::ExitCode;

/// How a command ended. The codes never mix: a pipeline that allows findings still stops
/// where nothing could be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: the command did its job and has nothing to object to.
    Clean,
    /// 1: the command did its job and found something.
    Findings,
    /// 2: the command could not do its job, also where its arguments are wrong.
    Failed,
    /// 3: the command did its job and found that history is lost.
    Lost,
    /// The code of the program that `cargo slo dev` started.
    Program(u8),
}

impl Exit {
    /// Returns the exit code.
    pub const fn code(self) -> u8 {
        match self {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Failed => 2,
            Exit::Lost => 3,
            Exit::Program(code) => code,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}
