//! What is wrong with a text that holds YAML or JSON.

use crate::diagnostics::Location;

/// What is wrong, where in the file.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) location: Box<Location>,
    pub(crate) message: String,
    pub(crate) help: Option<&'static str>,
}

impl Wrong {
    pub(crate) fn at(location: Location, message: impl Into<String>) -> Wrong {
        Wrong {
            location: Box::new(location),
            message: message.into(),
            help: None,
        }
    }

    pub(crate) fn help(self, help: &'static str) -> Wrong {
        Wrong {
            help: Some(help),
            ..self
        }
    }
}
