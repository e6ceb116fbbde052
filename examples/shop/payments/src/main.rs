//! The service that moves money, in tonic.
//!
//! The layer is one of the server's, so gRPC statuses are judged as they leave it, those of
//! requests that can't be decoded too; the annotations say by `route` whose these are.

mod till;

use shop_payments::{NAME, shop::payments_server::PaymentsServer};
use shop_process::{Faults, Parent};
use slo_tower::SloLayer;
use std::error::Error;
use till::Till;
use tonic::transport::{Server, server::TcpIncoming};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let _slo = slo_sdk::init();
    let faults = Faults::from_env()?;
    eprintln!("{NAME}: {faults:?}");
    let parent = Parent::new()?;
    let incoming = TcpIncoming::from(shop_process::listen().await?).with_nodelay(Some(true));
    Server::builder()
        .layer(SloLayer::new())
        .add_service(PaymentsServer::new(Till::new(faults)))
        .serve_with_incoming_shutdown(incoming, parent.says_stop())
        .await?;
    Ok(())
}
