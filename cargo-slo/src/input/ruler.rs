//! A ruler: what Mimir and Cortex keep the rules of a tenant in.

use super::{
    http::{Address, AskError, Client, Headers, System, Tls},
    read_stream,
};
use ureq::http::StatusCode;

/// Longest answer, in bytes.
const MAX_ANSWER_BYTES: u64 = 64 << 20;

/// Where the rules are, behind the address.
const RULES: &str = "config/v1/rules";

const RULER: System = System {
    name: "the ruler",
    answer: "the rules of a tenant",
    example: "ruler+http://mimir/prometheus",
    sign_in: "say who you are with a header, from the environment: `CARGO_SLO_HEADERS='X-Scope-OrgID: \
              TENANT'`, or `Authorization: Bearer …`",
    root: "its address is that before `/config/v1/rules`, such as `ruler+http://mimir/prometheus`; what \
           has no such interface, as Prometheus, is written `http://…`",
};

/// A ruler.
#[derive(Debug)]
pub struct Ruler(Client);

impl Ruler {
    /// Returns the one at this address; the headers go with each request.
    pub fn at(address: Address, headers: Headers) -> Ruler {
        Ruler(Client::at(&RULER, address, headers))
    }

    /// Returns the same, which believes and is believed by this.
    #[must_use]
    pub fn with_tls(self, tls: Tls) -> Ruler {
        Ruler(self.0.with_tls(tls))
    }

    /// Where its rules are.
    pub fn url(&self) -> String {
        format!("{}/{RULES}", self.0.url())
    }

    /// Returns the rules of the tenant as YAML: the groups of each namespace.
    ///
    /// # Errors
    /// If it can't be asked, or answers no text.
    pub fn rules(&self) -> Result<String, AskError> {
        let answer = self.0.get(RULES, &[])?;
        let status = answer.status();
        if !status.is_success() {
            let (error, body) = answer.refusal();
            return match status == StatusCode::NOT_FOUND && body.contains("no rule groups found") {
                true => Ok("{}".to_owned()),
                false => Err(error),
            };
        }
        let unreadable = answer.unreadable();
        read_stream(answer.body(MAX_ANSWER_BYTES), MAX_ANSWER_BYTES)
            .map_err(|error| unreadable(&error))
    }
}
