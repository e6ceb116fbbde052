//! Questions to Datadog's API.

use super::{Monitor, Slo};
use crate::input::http::{
    Address, AddressError, AskError, Client, HeaderError, Headers, System, Tls,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use std::env;

/// Objects of a page.
const PAGE: usize = 500;

/// Longest page, in bytes: 64 KiB for each object.
const MAX_PAGE_BYTES: u64 = 32 << 20;

/// An organisation has some thousand SLOs; more pages are a list that does not end.
const MAX_PAGES: usize = 400;

/// Objects of all pages that are kept.
const MAX_KEPT: usize = 50_000;

const SLOS: &str = "api/v1/slo";
const MONITORS: &str = "api/v1/monitor";

const DATADOG: System = System {
    name: "Datadog",
    answer: "a Datadog API response",
    example: "datadog+https://api.datadoghq.eu",
    sign_in: "set the environment variables DD_API_KEY and DD_APP_KEY, and DD_SITE for another site than \
              datadoghq.com: a key is known only at its own; the application key needs the scopes \
              `slos_read` and `monitors_read`",
    root: "its address is that before `/api/v1`: set DD_SITE to your site, such as `datadoghq.eu`, or \
           write `datadog+https://api.datadoghq.eu`",
};

/// A Datadog.
#[derive(Debug)]
pub struct Datadog(Client);

#[derive(Deserialize)]
struct Slos {
    data: Vec<Value>,
}

impl Datadog {
    /// Returns the headers with the keys that the environment variables `DD_API_KEY` and
    /// `DD_APP_KEY` hold.
    ///
    /// # Errors
    /// If one of them is not set, or can't be sent.
    pub fn keys() -> Result<Headers, HeaderError> {
        let key = |start: &str, variable| {
            let header = Headers::from_variable(start, variable)?;
            header.ok_or(HeaderError::Unset {
                variable,
                help: DATADOG.sign_in,
            })
        };
        let api = key("DD-API-KEY: ", "DD_API_KEY")?;
        Ok(api.and(key("DD-APPLICATION-KEY: ", "DD_APP_KEY")?))
    }

    /// Returns the address of the site that the environment variable `DD_SITE` names, else of
    /// `datadoghq.com`.
    ///
    /// # Errors
    /// If it is not the name of a host.
    pub fn site() -> Result<Address, AddressError> {
        let site = env::var("DD_SITE").unwrap_or_default();
        let site = match site.trim() {
            "" => "datadoghq.com",
            // What is in the address bar.
            site => site.strip_prefix("app.").unwrap_or(site),
        };
        Address::parse(&format!("https://api.{site}"))
    }

    /// Returns the one at this address.
    pub fn at(address: Address, keys: Headers) -> Datadog {
        Datadog(Client::at(&DATADOG, address, keys))
    }

    /// Returns the same, which believes and is believed by this.
    #[must_use]
    pub fn with_tls(self, tls: Tls) -> Datadog {
        Datadog(self.0.with_tls(tls))
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        self.0.url()
    }

    /// Returns the SLOs that are wanted by their tags.
    ///
    /// # Errors
    /// If it can't be asked, or answers otherwise than Datadog does.
    pub fn slos(&self, is_wanted: impl Fn(&[&str]) -> bool) -> Result<Vec<Slo>, AskError> {
        let limit = PAGE.to_string();
        let mut slos = Vec::new();
        let mut offset = 0;
        self.pages(SLOS, |_| {
            let start = offset.to_string();
            let asked = [("limit", &*limit), ("offset", &start)];
            let page: Slos = self.page(SLOS, &asked)?;
            offset += page.data.len();
            let length = page.data.len();
            let of_page = page.data.into_iter().filter(|slo| is_wanted(&tags(slo)));
            self.keep(SLOS, of_page, &mut slos)?;
            Ok(length)
        })?;
        Ok(slos)
    }

    /// Returns the monitors that are wanted by their tags and their query.
    ///
    /// # Errors
    /// As [`Datadog::slos`].
    pub fn monitors(
        &self,
        is_wanted: impl Fn(&[&str], &str) -> bool,
    ) -> Result<Vec<Monitor>, AskError> {
        let size = PAGE.to_string();
        let mut monitors = Vec::new();
        self.pages(MONITORS, |number| {
            let number = number.to_string();
            let asked = [("page", &*number), ("page_size", &size)];
            let page: Vec<Value> = self.page(MONITORS, &asked)?;
            let length = page.len();
            let of_page = page.into_iter().filter(|monitor| {
                is_wanted(
                    &tags(monitor),
                    monitor["query"].as_str().unwrap_or_default(),
                )
            });
            self.keep(MONITORS, of_page, &mut monitors)?;
            Ok(length)
        })?;
        Ok(monitors)
    }

    /// Reads pages until one is not full.
    fn pages(
        &self,
        path: &str,
        mut read: impl FnMut(usize) -> Result<usize, AskError>,
    ) -> Result<(), AskError> {
        for number in 0..MAX_PAGES {
            if read(number)? < PAGE {
                return Ok(());
            }
        }
        let what = format!("there are more than {} of them", MAX_PAGES * PAGE);
        Err(self.0.error(path, what, ""))
    }

    fn page<T: DeserializeOwned>(&self, path: &str, asked: &[(&str, &str)]) -> Result<T, AskError> {
        let page = self.0.json(path, asked, MAX_PAGE_BYTES)?;
        page.ok_or_else(|| self.0.error(path, "it answers 404 Not Found", DATADOG.root))
    }

    fn keep<T: DeserializeOwned>(
        &self,
        path: &str,
        objects: impl Iterator<Item = Value>,
        kept: &mut Vec<T>,
    ) -> Result<(), AskError> {
        for object in objects {
            let id = object["id"].to_string();
            let object = serde_json::from_value(object).map_err(|error| {
                let what = format!("the object {id} is not what Datadog describes: {error}");
                self.0.error(path, what, "")
            })?;
            if kept.len() == MAX_KEPT {
                let what = format!("more than {MAX_KEPT} of its objects are of these services");
                return Err(self.0.error(path, what, ""));
            }
            kept.push(object);
        }
        Ok(())
    }
}

/// The tags of an object.
fn tags(object: &Value) -> Vec<&str> {
    let tags = object["tags"].as_array().into_iter().flatten();
    tags.filter_map(Value::as_str).collect()
}
