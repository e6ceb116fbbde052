//! Why a command could not do its job.

use crate::{
    definition::{Conflict, Conflicts},
    diagnostics::Diagnostic,
    diff::SourceError,
    input::{
        PathError, ReadError, ReadErrors,
        artefacts::BuildError,
        catalogue::CatalogueError,
        history::HistoryError,
        http::{AddressError, HeaderError, TlsError},
        workspace::WorkspaceError,
    },
    outputs::WriteError,
};
use std::io;

/// Why a command could not do its job.
#[derive(Debug)]
pub(super) enum Failure {
    /// There is something to tell.
    Told(Vec<Diagnostic>),
    /// Standard output or standard error could not be written to.
    Stream(io::Error),
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Failure {
        Failure::Told(vec![diagnostic])
    }
}

impl From<Box<Diagnostic>> for Failure {
    fn from(diagnostic: Box<Diagnostic>) -> Failure {
        (*diagnostic).into()
    }
}

impl From<ReadErrors> for Failure {
    fn from(errors: ReadErrors) -> Failure {
        Failure::Told(errors.errors().iter().map(ReadError::diagnostic).collect())
    }
}

impl From<Conflicts> for Failure {
    fn from(conflicts: Conflicts) -> Failure {
        Failure::Told(
            conflicts
                .conflicts()
                .iter()
                .map(Conflict::diagnostic)
                .collect(),
        )
    }
}

impl From<PathError> for Failure {
    fn from(error: PathError) -> Failure {
        error.diagnostic().into()
    }
}

impl From<Vec<CatalogueError>> for Failure {
    fn from(errors: Vec<CatalogueError>) -> Failure {
        let told = errors.iter().flat_map(CatalogueError::diagnostics);
        Failure::Told(told.collect())
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Failure {
        error.diagnostic().into()
    }
}

impl From<WorkspaceError> for Failure {
    fn from(error: WorkspaceError) -> Failure {
        error.diagnostic().into()
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Failure {
        error.diagnostic().into()
    }
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Failure {
        error.diagnostic().into()
    }
}

impl From<AddressError> for Failure {
    fn from(error: AddressError) -> Failure {
        error.diagnostic().into()
    }
}

impl From<HeaderError> for Failure {
    fn from(error: HeaderError) -> Failure {
        error.diagnostic().into()
    }
}

impl From<TlsError> for Failure {
    fn from(error: TlsError) -> Failure {
        error.diagnostic().into()
    }
}

impl From<HistoryError> for Failure {
    fn from(error: HistoryError) -> Failure {
        error.diagnostic().into()
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Stream(error)
    }
}
