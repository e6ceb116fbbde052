//! A connection to the collector: straight, or through the proxy that the environment names.
//!
//! `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` are read as curl reads them. An http
//! collector's proxy gets the request itself, an https one's a `CONNECT`, and then passes on what
//! it can't read.

use http::{
    HeaderValue, Request, Uri,
    header::{HOST, PROXY_AUTHORIZATION},
    uri::{PathAndQuery, Scheme},
};
#[cfg(feature = "otlp-tls")]
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
#[cfg(feature = "otlp-tls")]
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::{legacy::connect::HttpConnector, proxy::matcher::Matcher};
#[cfg(feature = "otlp-tls")]
use rustls::crypto::{CryptoProvider, aws_lc_rs};
#[cfg(feature = "otlp-tls")]
use std::sync::Arc;
use std::{error::Error, future::poll_fn};
use tower_service::Service;

/// Bytes that are read and written.
pub(super) trait Stream: hyper::rt::Read + hyper::rt::Write + Send + Unpin {}

impl<T: hyper::rt::Read + hyper::rt::Write + Send + Unpin> Stream for T {}

type BoxError = Box<dyn Error + Send + Sync>;

/// What connects to one collector.
#[derive(Debug)]
pub(super) struct Connector {
    way: Way,
    /// What the connection leads to: the collector, or a proxy that requests are sent to.
    peer: Uri,
    /// True where it is such a proxy.
    is_forwarded: bool,
    /// What that proxy wants to see.
    authorization: Option<HeaderValue>,
}

#[cfg(not(feature = "otlp-tls"))]
type Direct = HttpConnector;
#[cfg(feature = "otlp-tls")]
type Direct = HttpsConnector<HttpConnector>;

#[derive(Debug)]
enum Way {
    Direct(Direct),
    #[cfg(feature = "otlp-tls")]
    Tunnel(Box<HttpsConnector<Tunnel<Direct>>>),
}

impl Connector {
    /// What connects to the collector at this address, by these rules.
    pub(super) fn new(target: &Uri, proxies: &Matcher) -> Result<Connector, String> {
        let mut connector = Connector {
            way: Way::Direct(direct()?),
            peer: target.clone(),
            is_forwarded: false,
            authorization: None,
        };
        let Some(proxy) = proxies.intercept(target) else {
            return Ok(connector);
        };
        if target.scheme() == Some(&Scheme::HTTP) {
            connector.peer = proxy.uri().clone();
            connector.is_forwarded = true;
            connector.authorization = proxy.basic_auth().cloned();
            return Ok(connector);
        }
        #[cfg(feature = "otlp-tls")]
        {
            let mut tunnel = Tunnel::new(proxy.uri().clone(), direct()?);
            if let Some(authorization) = proxy.basic_auth() {
                tunnel = tunnel.with_auth(authorization.clone());
            }
            connector.way = Way::Tunnel(Box::new(secured(tunnel)?));
        }
        Ok(connector)
    }

    /// A new connection.
    ///
    /// # Errors
    /// Why there is none; nothing was sent then.
    pub(super) async fn connect(&self) -> Result<Box<dyn Stream>, BoxError> {
        match &self.way {
            Way::Direct(direct) => opened(direct.clone(), &self.peer).await,
            #[cfg(feature = "otlp-tls")]
            Way::Tunnel(tunnel) => opened(tunnel.as_ref().clone(), &self.peer).await,
        }
    }

    /// Writes into the request what whoever the connection leads to wants to see in it.
    pub(super) fn address<B>(&self, request: &mut Request<B>) {
        let host = request.uri().authority().map(ToString::to_string);
        if let Some(host) = host.and_then(|host| HeaderValue::try_from(host).ok()) {
            request.headers_mut().insert(HOST, host);
        }
        if let Some(authorization) = &self.authorization {
            let headers = request.headers_mut();
            headers.insert(PROXY_AUTHORIZATION, authorization.clone());
        }
        if !self.is_forwarded {
            let root = || PathAndQuery::from_static("/");
            let path = request.uri().path_and_query().cloned();
            *request.uri_mut() = path.unwrap_or_else(root).into();
        }
    }
}

async fn opened<C>(mut connector: C, to: &Uri) -> Result<Box<dyn Stream>, BoxError>
where
    C: Service<Uri, Response: Stream + 'static, Error: Into<BoxError>>,
{
    let ready = poll_fn(|cx| connector.poll_ready(cx)).await;
    ready.map_err(Into::into)?;
    let stream = connector.call(to.clone()).await.map_err(Into::into)?;
    Ok(Box::new(stream))
}

#[cfg(not(feature = "otlp-tls"))]
fn direct() -> Result<Direct, String> {
    Ok(HttpConnector::new())
}

#[cfg(feature = "otlp-tls")]
fn direct() -> Result<Direct, String> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    secured(tcp)
}

/// The same with TLS to https addresses, which trusts whom the operating system trusts.
#[cfg(feature = "otlp-tls")]
fn secured<C>(connector: C) -> Result<HttpsConnector<C>, String> {
    // Where both of them are built in, rustls would not choose.
    let provider = CryptoProvider::get_default().cloned();
    let provider = provider.unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider()));
    let builder = HttpsConnectorBuilder::new().with_provider_and_platform_verifier(provider);
    let builder = builder.map_err(|error| error.to_string())?;
    let builder = builder.https_or_http().enable_http1();
    Ok(builder.wrap_connector(connector))
}
