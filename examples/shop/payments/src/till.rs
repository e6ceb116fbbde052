//! The methods of the payments service.

use shop_journeys::{CHECKOUT, GOLD, SETTLEMENT};
use shop_payments::{
    NAME,
    shop::{ChargeReply, ChargeRequest, SettleReply, SettleRequest, payments_server::Payments},
};
use shop_process::{Decision, Faults, OnPurpose, RequestId};
use slo_sdk::{millis, slo};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use tonic::{Request, Response, Status, metadata::MetadataValue};

/// Cards have this limit, in hundredths.
const LIMIT: u64 = 100_000;

/// The money that went through.
#[derive(Debug)]
pub(crate) struct Till {
    faults: Faults,
    charged: AtomicU64,
    settled: AtomicU64,
}

impl Till {
    pub(crate) fn new(faults: Faults) -> Till {
        Till {
            faults,
            charged: AtomicU64::new(0),
            settled: AtomicU64::new(0),
        }
    }

    fn decide<T>(&self, request: &Request<T>) -> Decision {
        let id = request
            .metadata()
            .get(RequestId::HEADER)
            .map(MetadataValue::as_encoded_bytes);
        self.faults.decide(NAME, RequestId::from_header(id))
    }
}

#[tonic::async_trait]
impl Payments for Till {
    /// Charges a card. A quarter of a second of what the checkout may take belongs to it.
    #[slo(
        journey = CHECKOUT,
        route = "/shop.Payments/Charge",
        objectives = GOLD.latency(99.0, millis(250)),
        description = "A card that is declined is an answer, no failure."
    )]
    async fn charge(
        &self,
        request: Request<ChargeRequest>,
    ) -> Result<Response<ChargeReply>, Status> {
        self.decide(&request).strike().await.map_err(internal)?;
        let cents = request.into_inner().cents;
        if cents > LIMIT {
            return Err(Status::failed_precondition("the card is declined"));
        }
        let total_cents = self.charged.fetch_add(cents, Relaxed) + cents;
        Ok(Response::new(ChargeReply { total_cents }))
    }

    /// Pays out what was charged since the last time.
    #[slo(journey = SETTLEMENT, name = "pay-out", route = "/shop.Payments/Settle")]
    async fn settle(
        &self,
        request: Request<SettleRequest>,
    ) -> Result<Response<SettleReply>, Status> {
        self.decide(&request)
            .answered()
            .strike()
            .await
            .map_err(internal)?;
        let charged = self.charged.load(Relaxed);
        let cents = charged.saturating_sub(self.settled.swap(charged, Relaxed));
        Ok(Response::new(SettleReply { cents }))
    }
}

fn internal(error: OnPurpose) -> Status {
    Status::internal(error.to_string())
}
