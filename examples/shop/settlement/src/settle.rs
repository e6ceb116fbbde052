//! One run of the job.

use crate::NAME;
use shop_journeys::SETTLEMENT;
use shop_payments::{
    saw,
    shop::{SettleRequest, payments_client::PaymentsClient},
};
use shop_process::{Faults, OnPurpose, RequestId, Saw, Trail};
use slo_sdk::slo;
use std::sync::Arc;
use tonic::{Request, transport::Channel};

/// What a run works with.
#[derive(Debug)]
pub(crate) struct Settlement {
    pub(crate) payments: PaymentsClient<Channel>,
    pub(crate) faults: Faults,
}

/// A run that did not settle anything.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) trail: Trail,
}

impl From<OnPurpose> for Failure {
    fn from(_: OnPurpose) -> Failure {
        Failure {
            trail: Trail::default(),
        }
    }
}

/// Pays out what customers have paid.
#[slo(
    journey = SETTLEMENT,
    every = 5m,
    description = "Merchants see the money the next morning.",
    runbook = "https://runbooks.example/settlement/run"
)]
pub(crate) async fn settle(settlement: Arc<Settlement>, run: RequestId) -> Result<Trail, Failure> {
    settlement.faults.decide(NAME, run).strike().await?;
    let mut request = Request::new(SettleRequest {});
    request
        .metadata_mut()
        .insert(RequestId::HEADER, run.number().into());
    let through = |saw| Trail::through(shop_payments::NAME, saw, Trail::default());
    match settlement.payments.clone().settle(request).await {
        Ok(_) => Ok(through(Saw::Status(0))),
        Err(status) => {
            eprintln!("run {run}: {status}");
            Err(Failure {
                trail: through(saw(&status)),
            })
        }
    }
}
