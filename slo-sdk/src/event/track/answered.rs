//! What an answer says.

use crate::Endpoint;
use slo_model::Ending;

/// What an answer says about its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// How the event ends, unless the endpoint has its own opinion of the code.
    pub ending: Ending,
    /// The code and one, or 0 for none: it travels in a register.
    code_and_one: u16,
}

impl Answered {
    /// Returns an answer that ends so, unless the endpoint has its own opinion of this HTTP status
    /// or gRPC code.
    #[inline]
    pub const fn new(ending: Ending, code: Option<u16>) -> Answered {
        Answered {
            ending,
            code_and_one: match code {
                // No protocol has a code so high.
                None | Some(u16::MAX) => 0,
                Some(code) => code + 1,
            },
        }
    }

    /// Returns an answer without a status.
    #[inline]
    pub const fn without_code(ending: Ending) -> Answered {
        Answered::new(ending, None)
    }

    /// Returns the HTTP status or gRPC code.
    #[inline]
    pub const fn code(self) -> Option<u16> {
        self.code_and_one.checked_sub(1)
    }

    /// Returns `true` for 1xx–3xx and gRPC's `OK`, whatever anybody thinks of them.
    pub fn is_success(self) -> bool {
        const OK: u16 = 0;
        const ERRORS: u16 = 400;
        const GRPC_CODES: u16 = 100;
        match self.code() {
            Some(code) if code < GRPC_CODES => code == OK,
            Some(status) => status < ERRORS,
            None => self.ending == Ending::Completed,
        }
    }

    #[inline]
    pub(super) fn judged_by(self, endpoint: &Endpoint) -> Ending {
        let opinion = |code| endpoint.opinion_of(code);
        self.code().and_then(opinion).unwrap_or(self.ending)
    }
}
