//! The label `job`, which says whose series they are.

use super::promql;
use crate::definition::Service;

/// The counter that the SDK exports, as Prometheus calls it: `slo.events`, its dots turned
/// into underscores, with the ending of a counter.
pub(super) const EVENTS: &str = "slo_events_total";

/// The jobs of a service: Prometheus makes `job` of `service.namespace`, a slash and
/// `service.name`, or of the name alone where no namespace is set.
#[derive(Debug)]
pub(super) enum Job {
    /// Those in any namespace and in none, by the name of the service. There may be several.
    InAnyNamespace(String),
    /// The one in a known namespace, by its full name.
    Exact(String),
}

impl Job {
    pub(super) fn of(service: &Service, namespace: Option<&str>) -> Job {
        match namespace {
            Some(namespace) => Job::Exact(format!("{namespace}/{}", service.name)),
            None => Job::InAnyNamespace(service.name.clone()),
        }
    }

    /// The matcher for what the SDK exported.
    pub(super) fn matcher(&self) -> String {
        match self {
            Job::InAnyNamespace(name) => {
                promql::matches("job", &format!("(.+/)?{}", promql::regex_of(name)))
            }
            Job::Exact(name) => promql::equals("job", name),
        }
    }

    /// The matcher for what rules recorded, where the identity of the SLO, which has the
    /// name of the service, is not enough.
    pub(super) fn recorded_matcher(&self) -> Option<String> {
        self.exact().map(|_| self.matcher())
    }

    /// The only job, where it is known.
    pub(super) fn exact(&self) -> Option<&str> {
        match self {
            Job::InAnyNamespace(_) => None,
            Job::Exact(name) => Some(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_literally() {
        let any = Job::InAnyNamespace("orders.v2\"".into());
        assert_eq!(any.matcher(), r#"job=~"(.+/)?orders\\.v2\"""#);
        let exact = Job::Exact("shop/orders.v2\"".into());
        assert_eq!(exact.matcher(), r#"job="shop/orders.v2\"""#);
        assert_eq!(exact.recorded_matcher(), Some(exact.matcher()));
        assert_eq!(any.recorded_matcher(), None);
    }
}
