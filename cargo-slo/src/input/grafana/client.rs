//! Questions to Grafana's API.

use crate::input::http::{Address, AskError, Client, HeaderError, Headers, System, Tls};
use serde::Deserialize;
use serde_json::Value;

/// Dashboards of a page of what a search finds.
const PAGE: usize = 1000;

/// More pages are a list that does not end.
const MAX_PAGES: usize = 100;

/// Longest answer, in bytes: a dashboard of a thousand panels is some megabytes.
const MAX_ANSWER_BYTES: u64 = 32 << 20;

const SEARCH: &str = "api/search";

const GRAFANA: System = System {
    name: "Grafana",
    answer: "a Grafana API response",
    example: "grafana+https://grafana.example",
    sign_in: "set the environment variable GRAFANA_TOKEN to the token of a service account that may \
              read dashboards (role Viewer)",
    root: "its address is that before `/api`, such as `grafana+https://grafana.example`, with the path \
           that it is served under",
};

/// A Grafana.
#[derive(Debug)]
pub struct Grafana(Client);

/// A dashboard that a search finds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Hit {
    /// What its address holds.
    pub uid: String,
    /// Its title.
    pub title: String,
}

/// A dashboard with what Grafana knows about it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Dashboard {
    /// Itself.
    pub dashboard: Value,
    /// What Grafana knows about it.
    #[serde(default)]
    pub meta: Meta,
}

/// What Grafana knows about a dashboard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Meta {
    /// The folder it is in; empty for none.
    pub folder_uid: String,
    /// True where it comes from a file: Grafana refuses to change it.
    pub provisioned: bool,
}

impl Grafana {
    /// Returns the header with the token that the environment variable `GRAFANA_TOKEN` holds; none
    /// where it is not set, as a Grafana may show its dashboards to everybody.
    ///
    /// # Errors
    /// If it can't be sent.
    pub fn token() -> Result<Headers, HeaderError> {
        let header = Headers::from_variable("Authorization: Bearer ", "GRAFANA_TOKEN")?;
        Ok(header.unwrap_or_default())
    }

    /// Returns the one at this address.
    pub fn at(address: Address, token: Headers) -> Grafana {
        Grafana(Client::at(&GRAFANA, address, token))
    }

    /// Returns the same, which believes and is believed by this.
    #[must_use]
    pub fn with_tls(self, tls: Tls) -> Grafana {
        Grafana(self.0.with_tls(tls))
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        self.0.url()
    }

    /// Returns the dashboard with this `uid`; `None` if there is none.
    ///
    /// # Errors
    /// If it can't be asked, or answers otherwise than Grafana does.
    pub fn dashboard(&self, uid: &str) -> Result<Option<Dashboard>, AskError> {
        let path = format!("api/dashboards/uid/{uid}");
        self.0.json(&path, &[], MAX_ANSWER_BYTES)
    }

    /// Returns all dashboards with a tag.
    ///
    /// # Errors
    /// As [`Grafana::dashboard`].
    pub fn tagged(&self, tag: &str) -> Result<Vec<Hit>, AskError> {
        let limit = PAGE.to_string();
        let mut hits = Vec::new();
        for number in 1..=MAX_PAGES {
            let number = number.to_string();
            let asked = [
                ("type", "dash-db"),
                ("tag", tag),
                ("limit", &limit),
                ("page", &number),
            ];
            let page: Option<Vec<Hit>> = self.0.json(SEARCH, &asked, MAX_ANSWER_BYTES)?;
            let page = page.ok_or_else(|| {
                self.0
                    .error(SEARCH, "it answers 404 Not Found", GRAFANA.root)
            })?;
            let length = page.len();
            hits.extend(page);
            if length < PAGE {
                return Ok(hits);
            }
        }
        let what = format!("there are more than {} of them", MAX_PAGES * PAGE);
        Err(self.0.error(SEARCH, what, ""))
    }
}
