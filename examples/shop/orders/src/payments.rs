//! The payments service, as the orders service sees it.

use crate::answer::Failure;
use axum::http::StatusCode;
use shop_payments::{
    NAME, saw,
    shop::{ChargeRequest, payments_client::PaymentsClient},
};
use shop_process::{RequestId, Saw, Trail};
use tonic::{
    Code, Request,
    transport::{Channel, Error},
};

/// A client of the payments service; all its clones share one connection.
#[derive(Clone, Debug)]
pub(crate) struct Payments(PaymentsClient<Channel>);

impl Payments {
    pub(crate) fn at(url: String) -> Result<Payments, Error> {
        shop_payments::connect(url).map(Payments)
    }

    /// Charges a card and tells the way there. A card that is declined is the customer's
    /// affair, everything else the shop's.
    pub(crate) async fn charge(&self, id: RequestId, cents: u64) -> Result<Trail, Failure> {
        let mut request = Request::new(ChargeRequest { cents });
        request
            .metadata_mut()
            .insert(RequestId::HEADER, id.number().into());
        let through = |saw| Trail::through(NAME, saw, Trail::default());
        let Err(status) = self.0.clone().charge(request).await else {
            return Ok(through(Saw::Status(0)));
        };
        eprintln!("request {id}: {status}");
        let saw = saw(&status);
        let status = match (saw, status.code()) {
            (Saw::Status(_), Code::FailedPrecondition) => StatusCode::PAYMENT_REQUIRED,
            _ => StatusCode::BAD_GATEWAY,
        };
        Err(Failure {
            status,
            trail: through(saw),
        })
    }
}
