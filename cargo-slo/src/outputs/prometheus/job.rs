//! The labels that say whose series they are.

use super::{promql, stages};
use crate::{
    outputs::{Names, ServiceLabel, Settings, Store},
    text::promql::regex_of,
};

/// How series are told apart by service, wherever they come from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Labelled {
    label: ServiceLabel,
    names: Names,
    store: Store,
}

impl Labelled {
    pub(super) fn new(settings: &Settings) -> Labelled {
        Labelled {
            label: settings.service_label,
            names: settings.names,
            store: settings.store,
        }
    }

    /// The labels that together are one service in one namespace, as they stand in an
    /// expression. Everything is summed up by them, so services of one name in several
    /// namespaces keep numbers of their own.
    pub(super) fn by(self) -> String {
        match self.label {
            ServiceLabel::Job => "job".to_owned(),
            ServiceLabel::ServiceName => {
                format!("{}, {}", self.namespace(), self.name())
            }
        }
    }

    /// The same, as they are called where nothing is spelt otherwise.
    pub(super) fn attributes(self) -> &'static [&'static str] {
        match self.label {
            ServiceLabel::Job => &["job"],
            ServiceLabel::ServiceName => &["service.namespace", "service.name"],
        }
    }

    /// The labels that together are one process, as they stand in `on (…)`.
    ///
    /// Prometheus makes `instance` of `service.instance.id`; where the name of the service is a
    /// label of its own, so is the id, and `instance` may be that of whatever is scraped.
    pub(super) fn writer(self) -> &'static str {
        match (self.label, self.names.is_utf8()) {
            (ServiceLabel::Job, _) => "job, instance",
            (ServiceLabel::ServiceName, false) => {
                "service_namespace, service_name, service_instance_id, instance"
            }
            (ServiceLabel::ServiceName, true) => WRITER,
        }
    }

    /// The expression with the labels of [`writer`](Labelled::writer) in it: Prometheus joins by
    /// no label with a dot, so where the id is one, it is copied into one without.
    pub(super) fn joinable(self, expr: &str) -> String {
        if self.label == ServiceLabel::ServiceName && self.names.is_utf8() {
            return format!(
                "label_join({expr}, \"{WRITER}\", \"/\", \"service.instance.id\", \"instance\")"
            );
        }
        expr.to_owned()
    }

    /// True for rules that stand in [`stages`].
    pub(super) fn is_staged(self) -> bool {
        self.store.shows_results_late()
    }

    /// How far before an evaluation everything is that earlier ones recorded.
    pub(super) fn before(self) -> &'static str {
        match self.is_staged() {
            true => stages::BEFORE,
            false => "1s",
        }
    }

    /// How names are spelt, and which label it is.
    pub(super) fn spelling(self) -> (Names, ServiceLabel) {
        (self.names, self.label)
    }

    /// The expression with the label `slo_service` added: the name without its namespace.
    pub(super) fn named(self, expr: &str) -> String {
        let source = match self.label {
            ServiceLabel::Job => "job".to_owned(),
            ServiceLabel::ServiceName => match self.names.is_utf8() {
                true => "service.name".to_owned(),
                false => "service_name".to_owned(),
            },
        };
        format!("label_replace({expr}, \"slo_service\", \"$1\", \"{source}\", \"(?:.*/)?(.*)\")")
    }

    fn name(self) -> String {
        self.names.label("service.name")
    }

    fn namespace(self) -> String {
        self.names.label("service.namespace")
    }
}

/// The label of a process where the one it has can't be joined by.
const WRITER: &str = "slo_writer";

/// The jobs of a service: Prometheus makes `job` of `service.namespace`, a slash and
/// `service.name`, or of the name alone where no namespace is set.
#[derive(Debug)]
pub(super) struct Job {
    service: String,
    /// Where it is not known, those in any namespace and in none; there may be several.
    namespace: Option<String>,
    labelled: Labelled,
}

impl Job {
    pub(super) fn new(service: &str, settings: &Settings) -> Job {
        Job {
            service: service.to_owned(),
            namespace: settings.namespace.clone(),
            labelled: Labelled::new(settings),
        }
    }

    /// The matchers for what the SDK exported.
    pub(super) fn matchers(&self) -> Vec<String> {
        match (self.labelled.label, &self.namespace) {
            (ServiceLabel::Job, None) => vec![promql::matches(
                "job",
                &format!("(.+/)?{}", regex_of(&self.service)),
            )],
            (ServiceLabel::Job, Some(namespace)) => {
                vec![promql::equals(
                    "job",
                    &format!("{namespace}/{}", self.service),
                )]
            }
            (ServiceLabel::ServiceName, namespace) => {
                let namespace = namespace
                    .iter()
                    .map(|name| promql::equals(&self.labelled.namespace(), name));
                let name = promql::equals(&self.labelled.name(), &self.service);
                namespace.chain([name]).collect()
            }
        }
    }

    /// The labels of one job that the matchers let through: the one in the namespace that is
    /// known, or the one in none.
    pub(super) fn exported(&self) -> Vec<String> {
        match (self.labelled.label, &self.namespace) {
            (ServiceLabel::Job, None) => vec![promql::equals("job", &self.service)],
            _ => self.matchers(),
        }
    }

    /// The matchers for what rules recorded, where the identity of the SLO, which has the
    /// name of the service, is not enough.
    pub(super) fn recorded_matchers(&self) -> Vec<String> {
        match self.namespace {
            Some(_) => self.matchers(),
            None => Vec::new(),
        }
    }

    /// The matchers for what rules recorded under labels that can be joined by.
    pub(super) fn joined_matchers(&self) -> Vec<String> {
        match self.labelled.label {
            ServiceLabel::Job => self.matchers(),
            ServiceLabel::ServiceName => {
                let of = |label, value: &String| promql::equals(label, value);
                let namespace = self.namespace.iter().map(|n| of("service_namespace", n));
                let name = of("service_name", &self.service);
                namespace.chain([name]).collect()
            }
        }
    }

    /// See [`Labelled::by`].
    pub(super) fn by(&self) -> String {
        self.labelled.by()
    }

    /// The only job, in words, where it is known.
    pub(super) fn exact(&self) -> Option<String> {
        let namespace = self.namespace.as_ref()?;
        Some(format!("{namespace}/{}", self.service))
    }

    /// The labels that every series of the only job has, where it is known.
    pub(super) fn labels(&self) -> Vec<(&'static str, String)> {
        match (self.labelled.label, &self.namespace) {
            (_, None) => Vec::new(),
            (ServiceLabel::Job, Some(namespace)) => {
                vec![("job", format!("{namespace}/{}", self.service))]
            }
            (ServiceLabel::ServiceName, Some(namespace)) => {
                let [of_namespace, of_name] = match self.labelled.names.is_utf8() {
                    true => ["service.namespace", "service.name"],
                    false => ["service_namespace", "service_name"],
                };
                vec![
                    (of_namespace, namespace.clone()),
                    (of_name, self.service.clone()),
                ]
            }
        }
    }

    /// How its series are told apart from those of other services.
    pub(super) fn labelled(&self) -> Labelled {
        self.labelled
    }

    /// See [`Labelled::spelling`].
    pub(super) fn spelling(&self) -> (Names, ServiceLabel) {
        self.labelled.spelling()
    }

    pub(super) fn service(&self) -> &str {
        &self.service
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(namespace: Option<&str>, service_label: ServiceLabel, names: Names) -> Settings {
        Settings {
            namespace: namespace.map(str::to_owned),
            service_label,
            names,
            ..Settings::default()
        }
    }

    #[test]
    fn names_are_taken_literally() {
        let of = |namespace| {
            Job::new(
                "orders.v2\"",
                &settings(namespace, ServiceLabel::Job, Names::Suffixes),
            )
        };
        let any = of(None);
        assert_eq!(any.matchers(), [r#"job=~"(.+/)?orders\\.v2\"""#]);
        assert_eq!(any.recorded_matchers(), [""; 0]);
        let exact = of(Some("shop"));
        assert_eq!(exact.matchers(), [r#"job="shop/orders.v2\"""#]);
        assert_eq!(exact.recorded_matchers(), exact.matchers());
    }

    #[test]
    fn the_name_of_the_service_can_be_a_label_of_its_own() {
        let label = ServiceLabel::ServiceName;
        let job = Job::new("orders", &settings(Some("shop"), label, Names::Suffixes));
        assert_eq!(
            job.matchers(),
            [r#"service_namespace="shop""#, r#"service_name="orders""#]
        );
        assert_eq!(job.by(), "service_namespace, service_name");
        let job = Job::new("orders", &settings(None, label, Names::Utf8));
        assert_eq!(job.matchers(), [r#""service.name"="orders""#]);
        assert_eq!(job.by(), r#""service.namespace", "service.name""#);
    }
}
