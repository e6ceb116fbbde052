//! What a running Prometheus says: the rules it evaluates, and what services export about
//! themselves.

use super::{
    Side, SourceError, State, from_rules,
    rules::{Group, target},
    side::Rules,
};
use serde::{Deserialize, de::DeserializeOwned};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// No answer by then is none.
const PATIENCE: Duration = Duration::from_secs(30);

/// The rules of twenty thousand SLOs are some hundred mebibytes.
const LARGEST: u64 = 1 << 30;

/// Whatever way the names reached Prometheus.
const OBJECTIVES: &str = r#"{__name__=~"slo[._]objective(_ratio)?"}"#;
const INFOS: &str = r#"{__name__=~"slo[._]info"}"#;

#[derive(Deserialize)]
struct Answer<T> {
    status: String,
    data: Option<T>,
    #[serde(default)]
    error: String,
}

#[derive(Deserialize)]
struct Groups {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Vector {
    result: Vec<Sample>,
}

#[derive(Deserialize)]
struct Sample {
    metric: BTreeMap<String, String>,
    value: (f64, String),
}

/// The side of a Prometheus at this address.
///
/// # Errors
/// Where it can't be reached, or answers nothing that Prometheus would.
pub fn from_prometheus(url: &str) -> Result<Side, SourceError> {
    let prometheus = Prometheus::at(url);
    let Groups { groups } = prometheus.get("api/v1/rules", None)?;
    let mut rules = Rules::default();
    rules.add(groups);
    let mut side = from_rules(rules);

    let objectives: Vector = prometheus.get("api/v1/query", Some(OBJECTIVES))?;
    let infos: Vector = prometheus.get("api/v1/query", Some(INFOS))?;
    let mut slos: BTreeMap<String, State> = BTreeMap::new();
    for sample in objectives.result {
        let Some((of, sli)) = sample.definition().zip(sample.label("slo_sli")) else {
            continue;
        };
        let exported = State {
            target: target(&sample.value.1),
            window: sample
                .label("slo_window")
                .and_then(|window| window.parse().ok()),
            owner: sample.label("slo_owner").map(str::to_owned),
            ..State::default()
        };
        let known = slos.entry(format!("{of}.{sli}")).or_default();
        // Pods of two versions while one is deployed: the strictest target counts.
        if exported.target >= known.target {
            *known = exported;
        }
    }
    let mut hashes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for sample in infos.result {
        if let Some((of, hash)) = sample.definition().zip(sample.label("slo_hash")) {
            hashes.entry(of).or_default().insert(hash.to_owned());
        }
    }
    side.merge(Side {
        slos: (!slos.is_empty()).then_some(slos),
        // A Prometheus that only evaluates rules hears of no service.
        hashes: (!hashes.is_empty()).then_some(hashes),
        rules: None,
    });
    Ok(side)
}

impl Sample {
    /// A label, with underscores for dots.
    fn label(&self, name: &str) -> Option<&str> {
        let is_it = |label: &&String| label.replace('.', "_") == name;
        let label = self.metric.keys().find(is_it)?;
        Some(&self.metric[label])
            .map(|value| &**value)
            .filter(|value| !value.is_empty())
    }

    /// `service/journey` or `service/journey/endpoint`.
    fn definition(&self) -> Option<String> {
        let job = || self.label("job")?.rsplit('/').next();
        let service = self.label("service_name").or_else(job)?;
        let journey = self.label("slo_journey")?;
        Some(match self.label("slo_endpoint") {
            Some(endpoint) => format!("{service}/{journey}/{endpoint}"),
            None => format!("{service}/{journey}"),
        })
    }
}

struct Prometheus {
    agent: ureq::Agent,
    url: String,
}

impl Prometheus {
    fn at(url: &str) -> Prometheus {
        let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE));
        // Inside a company, certificates are rarely those that browsers know.
        #[cfg(feature = "tls")]
        let config = config.tls_config(
            ureq::tls::TlsConfig::builder()
                .root_certs(ureq::tls::RootCerts::PlatformVerifier)
                .build(),
        );
        let config = config
            .http_status_as_error(false)
            .user_agent(crate::outputs::GENERATOR.replace(' ', "/"))
            .build();
        Prometheus {
            agent: config.into(),
            url: url.trim_end_matches('/').to_owned(),
        }
    }

    fn get<T: DeserializeOwned>(&self, path: &str, query: Option<&str>) -> Result<T, SourceError> {
        let url = format!("{}/{path}", self.url);
        let failed = |what: String| SourceError::Prometheus {
            url: url.clone(),
            what,
        };
        if cfg!(not(feature = "tls")) && url.starts_with("https:") {
            return Err(failed(
                "https needs a build with it: `cargo install cargo-slo --features tls`".to_owned(),
            ));
        }
        let request = query
            .into_iter()
            .fold(self.agent.get(&url), |request, query| {
                request.query("query", query)
            });
        let mut response = request.call().map_err(|error| failed(error.to_string()))?;
        let status = response.status();
        let body = response
            .body_mut()
            .with_config()
            .limit(LARGEST)
            .read_to_vec();
        let body = body.map_err(|error| failed(error.to_string()))?;
        let answer: Answer<T> = serde_json::from_slice(&body).map_err(|error| {
            failed(match status.is_success() {
                true => format!("its answer is none of Prometheus: {error}"),
                false => format!("it answers {status}"),
            })
        })?;
        match answer.data {
            Some(data) if answer.status == "success" => Ok(data),
            _ => Err(failed(format!("it answers {status}: {}", answer.error))),
        }
    }
}
