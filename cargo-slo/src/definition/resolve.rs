//! From records to services with journeys, endpoints and SLOs.

use super::{
    Conflict, Conflicts, Contested, Definition, Identity, Journey, Service, Sli, Slo, formerly,
};
use crate::input::{Found, Reading, ServiceRecords, is_same_declaration};
use slo_model::record::ObjectivesRecord;
use std::collections::BTreeMap;

/// Puts the records of every service together.
///
/// The same record may be found several times, in several files or twice in one; it is one. So are
/// those of one annotation in a file that is compiled into several crates.
/// Everything is ordered by name, so the order of reading leaves no trace.
///
/// # Errors
/// If records of one service contradict each other.
pub fn resolve(reading: &Reading) -> Result<Definition, Conflicts> {
    all(reading.services.iter(), |name, records, conflicts| {
        service(name, records, conflicts)
    })
}

/// Like [`resolve`], but consumes the reading: the records of a service are dropped as soon
/// as it is resolved, so that those of a thousand services are never there twice.
///
/// # Errors
/// If records of one service contradict each other.
pub fn resolve_owned(reading: Reading) -> Result<Definition, Conflicts> {
    all(reading.services.into_iter(), |name, records, conflicts| {
        service(&name, &records, conflicts)
    })
}

fn all<Name, Records>(
    services: impl Iterator<Item = (Name, Records)>,
    resolve: impl Fn(Name, Records, &mut Vec<Conflict>) -> Service,
) -> Result<Definition, Conflicts> {
    let mut conflicts = Vec::new();
    let services = services
        .map(|(name, records)| resolve(name, records, &mut conflicts))
        .collect();
    if conflicts.is_empty() {
        Ok(Definition { services })
    } else {
        Err(Conflicts(conflicts))
    }
}

fn service(name: &str, records: &ServiceRecords, conflicts: &mut Vec<Conflict>) -> Service {
    let mut endpoints: BTreeMap<&str, &Found> = BTreeMap::new();
    let mut journeys: BTreeMap<&str, Vec<&Found>> = BTreeMap::new();
    for found in &records.records {
        let known = endpoints.entry(&found.record.name).or_insert(found);
        let first = *known;
        if is_same_declaration(&first.record, &found.record) {
            *known = [first, found][usize::from(module(found) < module(first))];
        } else {
            conflicts.push(Conflict {
                about: Contested::Endpoint,
                service: name.to_owned(),
                records: Box::new([first.clone(), found.clone()]),
            });
        }
    }
    for found in endpoints.values() {
        journeys
            .entry(&found.record.journey.name)
            .or_default()
            .push(found);
    }
    for of_journey in journeys.values() {
        let first = of_journey[0];
        // One pair tells enough: the others differ in the same constants.
        if let Some(other) = of_journey
            .iter()
            .find(|f| f.record.journey != first.record.journey)
        {
            conflicts.push(Conflict {
                about: Contested::Journey,
                service: name.to_owned(),
                records: Box::new([first.clone(), (*other).clone()]),
            });
        }
    }
    let mut slos = slos(name, &journeys);
    let parts = journeys.values().flat_map(|of_journey| {
        let journey = &of_journey[0].record.journey.name;
        let endpoints = of_journey
            .iter()
            .map(|found| Some(found.record.name.clone()));
        let parts = std::iter::once(None).chain(endpoints);
        parts.map(|endpoint| (journey.clone(), endpoint))
    });
    formerly::without_claimed(&mut slos, &parts.collect());
    let names = |of: &[&Found]| of.iter().map(|found| found.record.name.clone()).collect();
    Service {
        name: name.to_owned(),
        sdk: records.sdk.clone(),
        files: records.files.clone(),
        packages: records.packages.clone(),
        declared: records.declared.clone(),
        exported: records.exported.clone(),
        journeys: journeys
            .values()
            .map(|of_journey| Journey {
                record: of_journey[0].record.journey.clone(),
                endpoints: names(of_journey),
            })
            .collect(),
        endpoints: endpoints
            .values()
            .map(|found| found.record.clone())
            .collect(),
        slos,
    }
}

fn module(found: &Found) -> &str {
    &found.record.source.module
}

fn slos(service: &str, journeys: &BTreeMap<&str, Vec<&Found>>) -> Vec<Slo> {
    let mut all = Vec::new();
    for of_journey in journeys.values() {
        let journey = &of_journey[0].record.journey;
        for found in std::iter::once(None).chain(of_journey.iter().map(Some)) {
            let (objectives, runbook, sources) = match found {
                None => (&journey.objectives, "", &of_journey[..]),
                Some(found) => {
                    let record = &found.record;
                    (
                        &record.objectives,
                        &*record.runbook,
                        std::slice::from_ref(found),
                    )
                }
            };
            let Some(objectives) = objectives else {
                continue;
            };
            for (sli, target) in slis(objectives) {
                let identity = Identity {
                    service: service.to_owned(),
                    journey: journey.name.clone(),
                    endpoint: found.map(|found| found.record.name.clone()),
                    sli: sli.name().to_owned(),
                };
                let endpoint = found.map(|found| &found.record);
                all.push(Slo {
                    formerly: formerly::of_slo(&identity, journey, endpoint),
                    identity,
                    sli: match found {
                        None => with_overrides(sli, of_journey),
                        Some(_) => sli,
                    },
                    target,
                    window: objectives.window,
                    owner: journey.owner.clone(),
                    runbook: match runbook {
                        "" => journey.runbook.clone(),
                        own => own.to_owned(),
                    },
                    sources: sources
                        .iter()
                        .map(|found| found.record.source.clone())
                        .collect(),
                });
            }
        }
    }
    all
}

fn slis(objectives: &ObjectivesRecord) -> impl Iterator<Item = (Sli, slo_model::Target)> {
    let availability = objectives
        .availability
        .map(|target| (Sli::Availability, target));
    let latency = objectives.latency.iter().map(|latency| {
        let sli = Sli::Latency {
            name: latency.name.clone(),
            threshold: latency.threshold,
            overridden: false,
        };
        (sli, latency.target)
    });
    availability.into_iter().chain(latency)
}

/// Notes where an endpoint judges its events by a threshold of its own: the journey's SLO
/// counts them as they were judged.
fn with_overrides(mut sli: Sli, of_journey: &[&Found]) -> Sli {
    if let Sli::Latency {
        name,
        threshold,
        overridden,
    } = &mut sli
    {
        let own = of_journey.iter().flat_map(|found| &found.record.objectives);
        *overridden = own
            .flat_map(|objectives| &objectives.latency)
            .any(|latency| latency.name == *name && latency.threshold != *threshold);
    }
    sli
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Place;
    use slo_model::{
        Declaration, Journey as Declared, Objectives, Source, millis,
        record::{EndpointRecord, Record, encode_endpoint, endpoint_len, frames},
    };
    use std::{path::PathBuf, sync::Arc};

    const GOLD: Objectives = Objectives::new()
        .availability(99.9)
        .latency(99.0, millis(500));
    const CHECKOUT: Declared = Declared::new("checkout")
        .runbook("of-journey")
        .objectives(GOLD);
    const CART: Declaration = Declaration::new("cart", CHECKOUT);
    const ORDER: Declaration = Declaration::new("place-order", CHECKOUT)
        .objectives(Objectives::new().latency(95.0, millis(300)))
        .runbook("own");

    macro_rules! record {
        ($declaration:expr) => {{
            const BYTES: [u8; endpoint_len(&$declaration)] = encode_endpoint(&$declaration);
            match Record::decode(&frames(&BYTES).next().unwrap().unwrap()).unwrap() {
                Record::Endpoint(record) => *record,
                other => panic!("{other:?}"),
            }
        }};
    }

    const BUY: Declared = CHECKOUT_IS_NOW.objectives(GOLD);
    const CHECKOUT_IS_NOW: Declared = Declared::new("buy").formerly(&["checkout"]);
    const SUBMIT: Declaration = Declaration::new("submit", BUY)
        .objectives(Objectives::new().availability(99.0))
        .formerly(&["place-order", "cart/put"]);

    fn former(definition: &Definition, slo: &str) -> Vec<String> {
        let slos = &definition.services[0].slos;
        let slo = slos.iter().find(|other| other.identity.to_string() == slo);
        let slo = slo.unwrap_or_else(|| panic!("no such SLO in {slos:#?}"));
        slo.formerly.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_slo_was_each_combination_of_its_names() {
        let definition = resolved(&[record!(SUBMIT)]).unwrap();
        let own = former(&definition, "orders/buy/submit.availability");
        assert_eq!(
            own,
            [
                "orders/buy/place-order.availability",
                "orders/cart/put.availability",
                "orders/checkout/place-order.availability",
                "orders/checkout/submit.availability",
            ]
        );
        let of_journey = former(&definition, "orders/buy.latency");
        assert_eq!(of_journey, ["orders/checkout.latency"]);
    }

    #[test]
    fn each_event_stays_in_one_budget() {
        const STILL_THERE: Declaration =
            Declaration::new("cart", CHECKOUT).objectives(Objectives::new().availability(99.0));
        const TAKES_IT: Declaration = Declaration::new("put", BUY)
            .objectives(Objectives::new().availability(99.0))
            .formerly(&["checkout/cart", "checkout/place-order"]);
        let records = [record!(STILL_THERE), record!(TAKES_IT), record!(SUBMIT)];
        let definition = resolved(&records).unwrap();
        // `checkout` is still there, and so is its `cart`.
        assert_eq!(former(&definition, "orders/buy.latency"), [""; 0]);
        let put = former(&definition, "orders/buy/put.availability");
        assert_eq!(
            put,
            [
                "orders/checkout/place-order.availability",
                "orders/checkout/put.availability"
            ]
        );
        // The first that claims a name has it.
        let submit = former(&definition, "orders/buy/submit.availability");
        assert!(!submit.contains(&put[0]), "{submit:?}");
    }

    fn resolved(records: &[EndpointRecord]) -> Result<Definition, Conflicts> {
        resolve(&reading(records))
    }

    fn reading(records: &[EndpointRecord]) -> Reading {
        let found = records.iter().map(|record| Found {
            record: record.clone(),
            file: Arc::new(PathBuf::from("orders")),
            place: Place::Byte(0),
        });
        let mut reading = Reading::default();
        reading.services.entry("orders".into()).or_default().records = found.collect();
        reading
    }

    #[test]
    fn slos_of_both_levels() {
        let definition = resolved(&[record!(ORDER), record!(CART), record!(CART)]).unwrap();
        let service = &definition.services[0];
        let slos: Vec<_> = service
            .slos
            .iter()
            .map(|slo| {
                (
                    slo.identity.to_string(),
                    slo.runbook.as_str(),
                    slo.sources.len(),
                )
            })
            .collect();
        let expected = [
            ("orders/checkout.availability", "of-journey", 2),
            ("orders/checkout.latency", "of-journey", 2),
            ("orders/checkout/place-order.latency", "own", 1),
        ];
        assert_eq!(
            slos,
            expected.map(|(id, runbook, n)| (id.to_owned(), runbook, n))
        );
        assert!(matches!(
            service.slos[1].sli,
            Sli::Latency {
                overridden: true,
                ..
            }
        ));
        assert_eq!(service.journeys[0].endpoints, ["cart", "place-order"]);
    }

    #[test]
    fn the_order_of_reading_leaves_no_trace() {
        let forth = resolved(&[record!(ORDER), record!(CART)]).unwrap();
        let back = resolved(&[record!(CART), record!(ORDER)]).unwrap();
        assert_eq!(forth, back);
        let owned = resolve_owned(reading(&[record!(CART), record!(ORDER)])).unwrap();
        assert_eq!(forth, owned);
    }

    #[test]
    fn one_name_for_two_endpoints_is_a_conflict() {
        const MOVED: Declaration = CART.source(Source {
            line: 7,
            ..Source::NONE
        });
        let conflicts = resolved(&[record!(CART), record!(MOVED)]).unwrap_err();
        let [conflict] = conflicts.conflicts() else {
            panic!("{conflicts}")
        };
        assert_eq!(conflict.about, Contested::Endpoint);
    }

    #[test]
    fn one_place_in_two_crates_is_one_endpoint() {
        const AT: Source = Source {
            package: "both",
            module: "both::handlers",
            function: "cart",
            file: "src/handlers.rs",
            line: 7,
            ..Source::NONE
        };
        const IN_LIBRARY: Declaration = CART.source(AT);
        const IN_PROGRAM: Declaration = CART.source(Source {
            module: "server::handlers",
            ..AT
        });
        let forth = resolved(&[record!(IN_LIBRARY), record!(IN_PROGRAM)]).unwrap();
        let back = resolved(&[record!(IN_PROGRAM), record!(IN_LIBRARY)]).unwrap();
        assert_eq!(forth, back);
        let [service] = &forth.services[..] else {
            panic!("{forth:?}")
        };
        assert_eq!(service.endpoints.len(), 1);

        // Twice in one crate, elsewhere in the other, in another package, or another promise.
        const TWICE: Declaration = CART.source(Source {
            module: "both::again",
            ..AT
        });
        const ELSEWHERE: Declaration = CART.source(Source {
            module: "server::handlers",
            line: 8,
            ..AT
        });
        const FOREIGN: Declaration = CART.source(Source {
            package: "other",
            module: "other::handlers",
            ..AT
        });
        const CHANGED: Declaration = IN_PROGRAM.description("by `cfg`");
        let others = [
            record!(TWICE),
            record!(ELSEWHERE),
            record!(FOREIGN),
            record!(CHANGED),
        ];
        for other in others {
            let all = [record!(IN_LIBRARY), other];
            let conflicts = resolved(&all).unwrap_err();
            assert_eq!(conflicts.conflicts().len(), 1, "{all:?}");
            let is_compiled_twice = all[1].description == "by `cfg`";
            let help = &conflicts.conflicts()[0].diagnostic().help[0];
            assert_eq!(help.contains("`both` and `server`"), is_compiled_twice);
        }
    }

    #[test]
    fn one_name_for_two_journeys_is_a_conflict() {
        const OTHER: Declaration = Declaration::new("other", CHECKOUT.owner("team-b"));
        let conflicts = resolved(&[record!(CART), record!(OTHER)]).unwrap_err();
        let [conflict] = conflicts.conflicts() else {
            panic!("{conflicts}")
        };
        assert_eq!(conflict.about, Contested::Journey);
        let told = conflict.diagnostic();
        assert!(
            told.notes
                .iter()
                .any(|note| note == "they differ in the owner"),
            "{told:?}"
        );
    }
}
