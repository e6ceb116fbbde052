//! A client that waits for its answers.

use super::{
    Ask, Plan, Seen, Sent,
    ask::speaks_grpc,
    hang_up::{hang_up, patience},
    plan,
};
use crate::shop::{FaultPlan, Shop};
use reqwest::{
    Method, Response,
    header::{CONTENT_TYPE, HeaderMap, HeaderValue, WARNING},
};
use shop_process::{RequestId, Trail};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

/// Longer than anything in the shop takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// The client of the demo.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    /// Speaks HTTP/2 from the first byte.
    grpc: reqwest::Client,
    addresses: BTreeMap<&'static str, SocketAddr>,
    fault_plan: FaultPlan,
}

impl Client {
    /// A client of this shop.
    pub(crate) fn new(shop: &Shop, fault_plan: &FaultPlan) -> Result<Client, reqwest::Error> {
        let client = || reqwest::Client::builder().no_proxy().timeout(PATIENCE);
        Ok(Client {
            http: client().build()?,
            grpc: client().http2_prior_knowledge().build()?,
            addresses: shop.addresses().collect(),
            fault_plan: fault_plan.clone(),
        })
    }

    /// What the shop will do about a request.
    pub(crate) fn plan(&self, ask: Ask, id: RequestId) -> Plan {
        plan::plan(ask, id, &self.fault_plan)
    }

    /// Asks, and waits for the answer, or gives up where none will ever come.
    pub(crate) async fn ask(&self, ask: Ask, id: RequestId) -> Sent {
        let plan = self.plan(ask, id);
        let service = ask.way()[0].service;
        let address = self.addresses[service];
        let started = Instant::now();
        let seen = match plan.end {
            plan::End::Never => hang_up(address, ask, id, patience(ask, id, &plan)).await,
            _ if speaks_grpc(service) => self.call(address, ask, id).await,
            _ => self.request(address, ask, id).await,
        };
        Sent {
            id,
            ask,
            plan,
            seen,
            took: started.elapsed(),
        }
    }

    async fn request(&self, address: SocketAddr, ask: Ask, id: RequestId) -> Seen {
        match send(&self.http, address, ask, id, "application/json").await {
            Err(error) => broken(&error),
            Ok((status, headers)) => Seen::Answer {
                status,
                trail: Trail::from_header(headers.get(Trail::HEADER).map(HeaderValue::as_bytes)),
                stale: headers.contains_key(WARNING),
            },
        }
    }

    /// Only for calls whose status comes in the head of the answer, as it does where nothing
    /// else is to be said.
    async fn call(&self, address: SocketAddr, ask: Ask, id: RequestId) -> Seen {
        match send(&self.grpc, address, ask, id, "application/grpc").await {
            Err(error) => broken(&error),
            Ok((_, headers)) => {
                let status = headers
                    .get("grpc-status")
                    .and_then(|value| value.to_str().ok());
                match status.and_then(|status| status.parse().ok()) {
                    Some(status) => Seen::Answer {
                        status,
                        trail: Trail::default(),
                        stale: false,
                    },
                    None => Seen::Trouble("no gRPC status in the head of the answer".to_owned()),
                }
            }
        }
    }
}

/// Sends a request, reads the whole answer and gives its status and headers.
async fn send(
    client: &reqwest::Client,
    address: SocketAddr,
    ask: Ask,
    id: RequestId,
    kind: &str,
) -> Result<(u16, HeaderMap), reqwest::Error> {
    let (method, path, body) = ask.request();
    let method = if method == "POST" {
        Method::POST
    } else {
        Method::GET
    };
    let response: Response = client
        .request(method, format!("http://{address}{path}"))
        .header(RequestId::HEADER, id.number())
        .header(CONTENT_TYPE, kind)
        .body(body)
        .send()
        .await?;
    let head = (response.status().as_u16(), response.headers().clone());
    response.bytes().await?;
    Ok(head)
}

fn broken(error: &reqwest::Error) -> Seen {
    if error.is_connect() || error.is_timeout() {
        Seen::Trouble(format!("{error:?}"))
    } else {
        Seen::Broken
    }
}
