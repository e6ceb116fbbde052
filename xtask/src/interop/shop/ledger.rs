//! What a client writes down: of each request, and of each run of the job, what each service on its way
//! owes the SLOs.

use super::settlement::Run;
use std::{
    collections::BTreeMap,
    ops::{AddAssign, SubAssign},
    time::Duration,
};

/// What a client asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    Products,
    OrderStatus,
    Checkout,
}

/// What the client saw.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// What each service behind answered, as `x-shop-trail` says.
    pub(super) trail: String,
    pub(super) took: Duration,
}

/// Good and bad events, and those of which a client can't know: they were slower for it than a threshold
/// and may have been faster for the service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Events {
    pub(super) good: u64,
    pub(super) bad: u64,
    pub(super) unclear: u64,
}

impl AddAssign for Events {
    fn add_assign(&mut self, more: Events) {
        self.good += more.good;
        self.bad += more.bad;
        self.unclear += more.unclear;
    }
}

impl SubAssign for Events {
    fn sub_assign(&mut self, less: Events) {
        self.good -= less.good;
        self.bad -= less.bad;
        self.unclear -= less.unclear;
    }
}

impl Events {
    const GOOD: Events = Events {
        good: 1,
        bad: 0,
        unclear: 0,
    };
    const BAD: Events = Events {
        good: 0,
        bad: 1,
        unclear: 0,
    };
    const UNCLEAR: Events = Events {
        good: 0,
        bad: 0,
        unclear: 1,
    };

    /// True for counts that may be told of these.
    pub(super) fn allow(self, good: u64, bad: u64) -> bool {
        good + bad == self.good + self.bad + self.unclear && good >= self.good && bad >= self.bad
    }
}

/// A run that takes less settles in time.
const IN_TIME: Duration = Duration::from_secs(30);

/// Events by SLO.
pub(super) type BySlo = BTreeMap<String, Events>;

/// Everything a client wrote down.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    pub(super) slos: BySlo,
    /// The events of each process of the gateway, by its pod.
    pub(super) pods: BTreeMap<String, BySlo>,
    /// Bad events at the gateway by SLO and consumer.
    pub(super) consumers: BTreeMap<(String, String), u64>,
}

/// A service that a request comes to.
struct Step {
    service: &'static str,
    journey: &'static str,
    /// Its endpoint, if that has SLOs of its own besides those of the journey.
    endpoint: Option<&'static str>,
    /// SLIs of the endpoint that its journey has not, with thresholds in milliseconds.
    own: &'static [(&'static str, u64)],
    /// Milliseconds by which a good event is in time.
    threshold: u64,
    /// True if the endpoint has its own availability.
    is_own_availability: bool,
}

const fn step(service: &'static str, journey: &'static str, threshold: u64) -> Step {
    Step {
        service,
        journey,
        endpoint: None,
        own: &[],
        threshold,
        is_own_availability: false,
    }
}

impl Ask {
    /// The method, the path and the body.
    pub(super) const fn request(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Ask::Products => ("GET", "/products", ""),
            Ask::OrderStatus => ("GET", "/orders/0", ""),
            Ask::Checkout => ("POST", "/checkout", r#"{"product":"cup","cents":900}"#),
        }
    }

    /// Whom it comes to, as far as it comes.
    fn steps(self) -> Vec<Step> {
        let promised = |endpoint, step| Step {
            endpoint: Some(endpoint),
            is_own_availability: true,
            ..step
        };
        match self {
            Ask::Products => vec![step("shop-gateway", "browse", 800)],
            Ask::OrderStatus => vec![
                Step {
                    endpoint: Some("order-status"),
                    own: &[("typical", 100)],
                    ..step("shop-gateway", "browse", 300)
                },
                promised("find-order", step("shop-orders", "browse", 120)),
            ],
            Ask::Checkout => vec![
                step("shop-gateway", "checkout", 500),
                promised("place-order", step("shop-orders", "checkout", 300)),
                promised("charge", step("shop-payments", "checkout", 250)),
            ],
        }
    }
}

impl Ledger {
    /// Writes a request down: what was asked, of which process of the gateway, by whom, and for how long a
    /// fault held it up in the last service that it came to.
    pub(super) fn enter(
        &mut self,
        ask: Ask,
        pod: &str,
        consumer: &str,
        answer: &Answer,
        held_up: Duration,
    ) -> Result<(), String> {
        let behind = answer.trail.split(',').filter(|hop| !hop.is_empty());
        let behind = behind.map(|hop| match hop.split_once('=') {
            Some((_, status)) => status.parse().map_err(|_| format!("broken: {answer:?}")),
            None => Err(format!("no trail: {answer:?}")),
        });
        let statuses: Vec<u16> = std::iter::once(Ok(answer.status))
            .chain(behind)
            .collect::<Result<_, _>>()?;
        for (place, (step, status)) in ask.steps().iter().zip(&statuses).enumerate() {
            // The answer of a tonic service is its gRPC status.
            let is_good = match (step.service, status) {
                ("shop-payments", status) => *status == 0,
                (_, 200..300) => true,
                (_, 500..600) => false,
                _ => return Err(format!("neither good nor bad: {answer:?}")),
            };
            for (slo, events) in owed(step, is_good, answer.took, held_up) {
                *self.slos.entry(slo.clone()).or_default() += events;
                if place == 0 {
                    let pod = self.pods.entry(pod.to_owned()).or_default();
                    *pod.entry(slo.clone()).or_default() += events;
                    let key = (slo, consumer.to_owned());
                    *self.consumers.entry(key).or_default() += events.bad;
                }
            }
        }
        Ok(())
    }
}

impl Ledger {
    /// Writes a run of the job down, as the job printed it. One that failed did not come to payments.
    pub(super) fn enter_run(&mut self, run: &Run) -> Result<(), String> {
        let came_to: &[&str] = match &*run.ended {
            "ok payments=0" => &["shop-settlement", "shop-payments"],
            "failed" => {
                *self.slo("shop-settlement/settlement.availability") += Events::BAD;
                return Ok(());
            }
            _ => return Err(format!("neither good nor failed on purpose: {run:?}")),
        };
        for service in came_to {
            *self.slo(&format!("{service}/settlement.availability")) += Events::GOOD;
            *self.slo(&format!("{service}/settlement.in-time")) += match run.took < IN_TIME {
                true => Events::GOOD,
                false => Events::UNCLEAR,
            };
        }
        Ok(())
    }

    fn slo(&mut self, slo: &str) -> &mut Events {
        self.slos.entry(slo.to_owned()).or_default()
    }
}

/// The SLOs that an event counts for, and as what.
fn owed(step: &Step, is_good: bool, took: Duration, held_up: Duration) -> Vec<(String, Events)> {
    let journey = format!("{}/{}", step.service, step.journey);
    let endpoint = step
        .endpoint
        .map(|endpoint| format!("{journey}/{endpoint}"));
    let mut owed = Vec::new();
    let available = if is_good { Events::GOOD } else { Events::BAD };
    owed.push((format!("{journey}.availability"), available));
    if let Some(endpoint) = endpoint.as_ref().filter(|_| step.is_own_availability) {
        owed.push((format!("{endpoint}.availability"), available));
    }
    // How long a failure took is nobody's concern.
    if !is_good {
        return owed;
    }
    let in_time = |threshold| {
        let threshold = Duration::from_millis(threshold);
        match () {
            () if took < threshold => Events::GOOD,
            () if held_up >= threshold => Events::BAD,
            () => Events::UNCLEAR,
        }
    };
    owed.push((format!("{journey}.latency"), in_time(step.threshold)));
    if let Some(endpoint) = endpoint {
        owed.push((format!("{endpoint}.latency"), in_time(step.threshold)));
        for (sli, threshold) in step.own {
            owed.push((format!("{endpoint}.{sli}"), in_time(*threshold)));
        }
    }
    owed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entered(ask: Ask, status: u16, trail: &str, took: u64, held_up: u64) -> Ledger {
        let mut ledger = Ledger::default();
        let answer = Answer {
            status,
            trail: trail.to_owned(),
            took: Duration::from_millis(took),
        };
        let held_up = Duration::from_millis(held_up);
        ledger.enter(ask, "a", "web", &answer, held_up).unwrap();
        ledger
    }

    #[test]
    fn a_request_is_owed_by_whom_it_came_to() {
        let ledger = entered(Ask::Checkout, 503, "", 1, 0);
        let all: Vec<_> = ledger.slos.into_iter().collect();
        let slo = "shop-gateway/checkout.availability".to_owned();
        assert_eq!(all, [(slo, Events::BAD)]);
        let ledger = entered(Ask::Checkout, 201, "orders=201,payments=0", 1, 0);
        assert_eq!(ledger.slos.len(), 2 + 4 + 4);
        assert!(ledger.slos.values().all(|events| *events == Events::GOOD));
        let ledger = entered(Ask::OrderStatus, 502, "orders=503", 1, 0);
        assert!(ledger.slos.values().all(|events| *events == Events::BAD));
    }

    #[test]
    fn a_run_is_owed_by_payments_if_it_came_to_them() {
        let mut ledger = Ledger::default();
        let mut enter = |ended: &str, seconds| {
            let took = Duration::from_secs(seconds);
            let ended = ended.to_owned();
            ledger.enter_run(&Run { ended, took })
        };
        enter("ok payments=0", 1).unwrap();
        enter("ok payments=0", 31).unwrap();
        enter("failed", 1).unwrap();
        enter("failed payments=13", 1).unwrap_err();
        enter("panicked", 1).unwrap_err();
        let [job, payments] = ["settlement", "payments"].map(|service| {
            ["availability", "in-time"].map(|sli| {
                let events = ledger.slos[&format!("shop-{service}/settlement.{sli}")];
                (events.good, events.bad, events.unclear)
            })
        });
        assert_eq!(job, [(2, 1, 0), (1, 0, 1)]);
        assert_eq!(payments, [(2, 0, 0), (1, 0, 1)]);
    }

    #[test]
    fn what_was_slow_is_known_where_a_fault_held_it_up() {
        let trail = "orders=201,payments=0";
        let latency = |took, held_up| {
            let ledger = entered(Ask::Checkout, 201, trail, took, held_up);
            ["gateway/checkout", "payments/checkout/charge"]
                .map(|slo| ledger.slos[&format!("shop-{slo}.latency")])
        };
        assert_eq!(latency(10, 0), [Events::GOOD; 2]);
        assert_eq!(latency(610, 600), [Events::BAD; 2]);
        assert_eq!(latency(400, 300), [Events::GOOD, Events::BAD]);
        assert_eq!(latency(400, 0), [Events::GOOD, Events::UNCLEAR]);
        let told = Events {
            good: 5,
            bad: 2,
            unclear: 1,
        };
        assert!(told.allow(5, 3) && told.allow(6, 2));
        assert!(!told.allow(7, 1) && !told.allow(4, 4) && !told.allow(5, 2));
    }
}
