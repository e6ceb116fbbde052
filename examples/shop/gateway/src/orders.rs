//! The orders service, as the gateway sees it.

use crate::answer::{Answer, Failure};
use axum::http::{HeaderValue, StatusCode};
use reqwest::{Client, RequestBuilder, Url};
use serde::Serialize;
use shop_process::{RequestId, Saw, Trail};
use std::error::Error;

const NAME: &str = "orders";

/// A client of the orders service.
#[derive(Debug)]
pub(crate) struct Orders {
    base: Url,
    client: Client,
}

/// What is in the cart.
#[derive(Debug, serde::Deserialize, Serialize)]
pub(crate) struct Cart {
    pub(crate) product: String,
    pub(crate) cents: u64,
}

impl Orders {
    pub(crate) fn at(url: &str) -> Result<Orders, Box<dyn Error>> {
        Ok(Orders {
            base: Url::parse(url)?,
            client: Client::builder().no_proxy().build()?,
        })
    }

    pub(crate) async fn place(&self, id: RequestId, cart: &Cart) -> Result<Answer, Failure> {
        self.ask(id, self.client.post(self.url("orders")).json(cart))
            .await
    }

    /// `order` is passed on as it came: whether it is a number is for the orders service to
    /// say.
    pub(crate) async fn find(&self, id: RequestId, order: &str) -> Result<Answer, Failure> {
        self.ask(id, self.client.get(self.url(&format!("orders/{order}"))))
            .await
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url
    }

    /// Passes on whatever is not a failure.
    async fn ask(&self, id: RequestId, request: RequestBuilder) -> Result<Answer, Failure> {
        let broken = |error: reqwest::Error| {
            eprintln!("request {id}: {error:?}");
            Failure::behind(Trail::through(NAME, Saw::Broken, Trail::default()))
        };
        let request = request.header(RequestId::HEADER, id.number());
        let response = request.send().await.map_err(broken)?;
        let status = response.status();
        let rest = Trail::from_header(
            response
                .headers()
                .get(Trail::HEADER)
                .map(HeaderValue::as_bytes),
        );
        let trail = Trail::through(NAME, Saw::Status(status.as_u16()), rest);
        let body = response.bytes().await.map_err(broken)?;
        if status.is_server_error() {
            return Err(Failure::behind(trail));
        }
        let status = StatusCode::from_u16(status.as_u16()).unwrap_or(StatusCode::BAD_GATEWAY);
        Ok(Answer {
            status,
            trail,
            body,
        })
    }
}
