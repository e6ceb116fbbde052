//! How badly each service does during the demo.

use shop_process::{Decision, Faults, RequestId};
use std::time::Duration;

/// The faults of all services, known to the demo because it sets them.
///
/// The delays are chosen to part the levels: one in payments breaks the promise of payments
/// and of orders and still leaves the journey at the gateway in time; one in orders breaks
/// that of orders only; one at the gateway breaks all of the gateway's.
#[derive(Clone, Debug)]
pub(crate) struct FaultPlan {
    gateway: Faults,
    orders: Faults,
    payments: Faults,
    settlement: Faults,
}

impl FaultPlan {
    pub(crate) fn new(seed: u64) -> FaultPlan {
        let faults = Faults {
            seed,
            ..Faults::default()
        };
        let millis = Duration::from_millis;
        FaultPlan {
            gateway: Faults {
                errors: 0.01,
                panics: 0.004,
                hangs: 0.006,
                stale: 0.02,
                slow: 0.012,
                delay: millis(900),
                ..faults.clone()
            },
            orders: Faults {
                errors: 0.01,
                panics: 0.004,
                hangs: 0.006,
                slow: 0.02,
                delay: millis(380),
                ..faults.clone()
            },
            payments: Faults {
                errors: 0.01,
                panics: 0.005,
                hangs: 0.006,
                slow: 0.03,
                delay: millis(340),
                ..faults.clone()
            },
            settlement: Faults {
                errors: 0.15,
                panics: 0.1,
                slow: 0.2,
                delay: millis(100),
                ..faults
            },
        }
    }

    /// The faults of a service, by its name in trails.
    pub(crate) fn faults(&self, service: &str) -> &Faults {
        match service {
            "gateway" => &self.gateway,
            "orders" => &self.orders,
            "payments" => &self.payments,
            "settlement" => &self.settlement,
            other => unreachable!("the shop has no service `{other}`"),
        }
    }

    /// What a service will do to a request.
    pub(crate) fn decide(&self, service: &str, id: RequestId) -> Decision {
        self.faults(service).decide(service, id)
    }
}
