//! The services that take part in a journey: those that its requests need, directly or through others.

use super::{
    Fleet, Provider, Subject,
    dependencies::{further, is_hard, is_used_by_journey, journey_of},
};
use crate::input::manifest::Dependency;
use std::collections::BTreeSet;

/// The services that take part in a journey, beside the one whose journey it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Participants<'a> {
    /// The services, by name. Vendors are none: what they deliver is not up to the organisation.
    pub(crate) services: BTreeSet<&'a str>,
    /// Those of them that were not read: what they need is not known.
    pub(crate) unread: BTreeSet<&'a str>,
}

/// Returns who takes part in a journey, as far as dependencies are declared. Without a soft dependency
/// its requests are still good, so that takes no part.
pub(crate) fn participants<'a>(
    fleet: &Fleet<'a>,
    subject: &Subject<'a>,
    journey: &str,
) -> Participants<'a> {
    let home = subject.service.name.as_str();
    let own = subject.facts().map_or(&[][..], |facts| &facts.dependency);
    let mut waiting: Vec<&'a Dependency> = own
        .iter()
        .filter(|dependency| is_hard(dependency) && is_used_by_journey(dependency, journey))
        .collect();
    let mut found = Participants::default();
    // A service is looked at once for each of its journeys: these need different others.
    let mut seen = BTreeSet::new();
    while let Some(dependency) = waiting.pop() {
        let service = dependency.service.get_ref().as_str();
        if !seen.insert((service, journey_of(dependency))) {
            continue;
        }
        match fleet.provider(service) {
            Some(Provider::Vendor(_)) => continue,
            Some(Provider::Service(provider)) if provider.is_known() => {}
            Some(Provider::Service(_)) | None => {
                found.unread.insert(service);
            }
        }
        if service != home {
            found.services.insert(service);
        }
        waiting.extend(further(fleet, dependency));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        definition::{Definition, Service},
        input::{catalogue::Catalogue, manifest::ManifestFile, values::Date},
    };
    use std::path::Path;

    fn definition(services: &[&str]) -> Definition {
        let services = services.iter().map(|name| Service {
            name: (*name).to_owned(),
            sdk: None,
            files: Vec::new(),
            packages: Vec::new(),
            declared: None,
            exported: None,
            journeys: Vec::new(),
            endpoints: Vec::new(),
            slos: Vec::new(),
        });
        Definition {
            services: services.collect(),
        }
    }

    fn dependency(service: &str, more: &str) -> String {
        format!("[[dependency]]\nservice = \"{service}\"\nkind = \"hard\"\n{more}\n")
    }

    /// Who takes part in the journey `buy` of `gateway`, by what is said of services.
    fn found(said: &[(&str, String)]) -> [Vec<String>; 2] {
        let names: Vec<_> = said.iter().map(|(name, _)| *name).collect();
        let definition = definition(&names);
        let manifests: Vec<_> = said
            .iter()
            .map(|(name, text)| {
                let text = format!("service = \"{name}\"\n{text}");
                ManifestFile::parse(Path::new("slo.toml"), text).unwrap()
            })
            .collect();
        let nobody = Definition::default();
        let catalogue = Catalogue::NONE;
        let fleet = Fleet::new(&definition, &manifests, catalogue, &nobody, Date::EPOCH).unwrap();
        let gateway = fleet
            .subjects
            .iter()
            .find(|s| s.service.name == "gateway")
            .unwrap();
        let Participants { services, unread } = participants(&fleet, gateway, "buy");
        [services, unread].map(|names| names.into_iter().map(str::to_owned).collect())
    }

    #[test]
    fn near_and_far_through_the_journeys_that_are_called() {
        let gateway = dependency("cart", "used-by = [\"browse\"]")
            + &dependency(
                "orders",
                "journey = \"checkout/place\"\nused-by = [\"buy/pay\"]",
            )
            + "[[dependency]]\nservice = \"mail\"\nkind = \"soft\"\n";
        let orders = dependency("payments", "used-by = [\"checkout\"]")
            + &dependency("reports", "used-by = [\"export\"]");
        // A way back home ends there.
        let payments = dependency("gateway", "");
        let said = [
            ("gateway", gateway),
            ("orders", orders),
            ("payments", payments),
        ];
        let [services, unread] = found(&said);
        // `gateway` calls itself for all of its journeys, so that needs `cart`, too.
        assert_eq!(services, ["cart", "orders", "payments"]);
        assert_eq!(unread, ["cart"]);
        let [services, unread] = found(&said[..2]);
        assert_eq!(services, ["orders", "payments"]);
        assert_eq!(unread, ["payments"]);
    }

    /// A service that is reached for two journeys needs what either needs.
    #[test]
    fn each_journey_of_a_service_is_followed() {
        let gateway =
            dependency("orders", "journey = \"a\"") + &dependency("orders", "journey = \"b\"");
        let orders =
            dependency("one", "used-by = [\"a\"]") + &dependency("other", "used-by = [\"b\"]");
        let [services, _] = found(&[("gateway", gateway), ("orders", orders)]);
        assert_eq!(services, ["one", "orders", "other"]);
    }
}
