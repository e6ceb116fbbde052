//! Objects for Kubernetes that hold the rules of a service, each below the limits there are.
//!
//! A service has one object for as long as its rules fit into it. Beyond that each journey has one
//! of its own, and so has each endpoint of a journey whose rules do not fit. What is about
//! the service as a whole stays in the object that has its name. The name of an object depends on
//! what it is about and on nothing else, so it stays when others come and go.

use super::{job::Job, kubernetes, per_slo};
use crate::{
    definition::{Identity, Slo},
    diagnostics::Diagnostic,
    fleet::{Fleet, Subject},
    outputs::{File, Mode, Settings, names},
};
use std::collections::BTreeMap;

/// How long the groups of an object may be, in bytes.
///
/// Prometheus' operator takes 512 KiB of rules an object. `kubectl apply` keeps a copy of an object
/// in its annotations, as JSON with escapes, and these may have 256 KiB.
const MAX_BYTES: usize = 192 << 10;

const ENDING: &str = "prometheus-rule.yaml";

/// The rules of an SLO, as they stand in an object.
struct Written<'a> {
    slo: &'a Slo,
    groups: String,
}

/// What the rules of an object are about, from all of a service to one of its SLOs.
#[derive(Clone, Copy)]
enum Extent {
    Journey,
    /// An endpoint, or a journey over all of its endpoints.
    Part,
    Slo,
}

/// The objects of a service, each in a file of its own.
pub(super) fn of_service(of: &Subject<'_>, settings: &Settings) -> Vec<File> {
    let job = Job::new(&of.service.name, settings);
    let slos = of.service.slos.iter().map(|slo| Written {
        slo,
        groups: kubernetes::written(per_slo::of_slo(of, slo, &job)),
    });
    let slos: Vec<_> = slos.collect();
    let about_service = kubernetes::written(per_slo::of_service(of, &job, settings));
    let fits = length(slos.iter()) + about_service.len() <= MAX_BYTES;
    let mut in_first: Vec<_> = slos.iter().map(|one| &*one.groups).collect();
    let mut head = per_slo::head(of, &job, settings);
    let mut others = Vec::new();
    if !fits {
        in_first.clear();
        head.push(String::new());
        head.push("The rules of each journey are in objects of their own.".to_owned());
        for (identity, extent, slos) in parted(&slos, Extent::Journey) {
            others.push(object(of, identity, extent, &slos, settings));
        }
    }
    in_first.push(&about_service);
    let stem = super::output::stem(of.service, settings);
    let first = File {
        name: format!("{stem}.{ENDING}"),
        content: kubernetes::write(&names::of_object(&stem), &head, &in_first, settings.store),
    };
    std::iter::once(first).chain(others).collect()
}

/// Services whose objects would have one name: whichever is applied last would be the only one.
pub(super) fn refusals(fleet: &Fleet<'_>, settings: &Settings) -> Vec<Diagnostic> {
    if settings.mode == Mode::Universal {
        return Vec::new();
    }
    let mut known = BTreeMap::new();
    let mut refused = Vec::new();
    for subject in &fleet.subjects {
        let service = &*subject.service.name;
        let object = names::of_object(&super::output::stem(subject.service, settings));
        if let Some(other) = known.insert(object.clone(), service) {
            let error = Diagnostic::error(format!(
                "`{other}` and `{service}` would both be the object `{object}`, and the second \
                 would replace the first"
            ));
            refused.push(
                error
                    .with_help("rename one of them")
                    .with_help("or generate them apart, for two namespaces of Kubernetes"),
            );
        }
    }
    refused
}

fn length<'a>(slos: impl IntoIterator<Item = &'a Written<'a>>) -> usize {
    slos.into_iter().map(|one| one.groups.len()).sum()
}

/// SLOs by what they are about, each time with the identity of the first; more finely where they do
/// not fit into an object.
fn parted<'s, 'a>(
    slos: impl IntoIterator<Item = &'s Written<'a>>,
    extent: Extent,
) -> Vec<(&'a Identity, Extent, Vec<&'s Written<'a>>)>
where
    'a: 's,
{
    let mut parts: Vec<(&Identity, Vec<&Written<'_>>)> = Vec::new();
    for one in slos {
        let identity = &one.slo.identity;
        let mut known = parts.iter_mut();
        match known.find(|(other, _)| extent.is_same(identity, other)) {
            Some((_, slos)) => slos.push(one),
            None => parts.push((identity, vec![one])),
        }
    }
    let parts = parts.into_iter().flat_map(|(identity, slos)| {
        let narrower = extent.narrower();
        match narrower.filter(|_| length(slos.iter().copied()) > MAX_BYTES) {
            Some(narrower) => parted(slos, narrower),
            None => vec![(identity, extent, slos)],
        }
    });
    parts.collect()
}

fn object(
    of: &Subject<'_>,
    identity: &Identity,
    extent: Extent,
    slos: &[&Written<'_>],
    settings: &Settings,
) -> File {
    let name = extent.name(identity);
    let mut head = Vec::from(per_slo::origin(of.service));
    let (what, about) = extent.about(identity);
    head.extend([
        String::new(),
        format!("Only the rules of the {what} {about}."),
    ]);
    let groups: Vec<_> = slos.iter().map(|one| &*one.groups).collect();
    let object = match &settings.namespace {
        Some(namespace) => names::of_parts(&[&name, namespace]),
        None => name.clone(),
    };
    File {
        name: names::file(&name, settings, ENDING),
        content: kubernetes::write(&format!("slo-{object}"), &head, &groups, settings.store),
    }
}

impl Extent {
    fn narrower(self) -> Option<Extent> {
        match self {
            Extent::Journey => Some(Extent::Part),
            Extent::Part => Some(Extent::Slo),
            Extent::Slo => None,
        }
    }

    fn is_same(self, one: &Identity, other: &Identity) -> bool {
        one.journey == other.journey
            && match self {
                Extent::Journey => true,
                Extent::Part => one.endpoint == other.endpoint,
                Extent::Slo => one.endpoint == other.endpoint && one.sli == other.sli,
            }
    }

    /// The name of an object and of its file.
    fn name(self, identity: &Identity) -> String {
        let Identity {
            service,
            journey,
            endpoint,
            ..
        } = identity;
        match (self, endpoint) {
            (Extent::Journey, _) | (Extent::Part, None) => names::of_parts(&[service, journey]),
            (Extent::Part, Some(endpoint)) => names::of_parts(&[service, journey, endpoint]),
            // Told apart by a hash, because it has a dot.
            (Extent::Slo, _) => names::of_parts(&[service, &identity.name_in_service()]),
        }
    }

    fn about(self, identity: &Identity) -> (&'static str, String) {
        match (self, &identity.endpoint) {
            (Extent::Journey, _) | (Extent::Part, None) => ("journey", identity.journey.clone()),
            (Extent::Part, Some(endpoint)) => ("endpoint", endpoint.clone()),
            (Extent::Slo, _) => ("SLO", identity.to_string()),
        }
    }
}
