//! The counts of the process, for a browser, a terminal, a program and a Prometheus.
//!
//! `format` is who gets which, `html` the page.

mod format;
mod html;

use bytes::Bytes;
use format::Format;
use http::{
    HeaderValue, Method, Request, Response, StatusCode,
    header::{ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
};
use http_body::{Body, Frame, SizeHint};
use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};
use tower_service::Service;

/// Returns a service that answers with every count of the process: as a page to a browser, as a
/// table to `curl`, as JSON and in Prometheus' text format to who asks for it in `Accept` or with
/// `?format=html`, `text`, `json` or `prometheus`.
///
/// It is there only where it is mounted, and what it shows is for those who run the service: mount
/// it where they alone reach it. Its own requests are not events, also inside a
/// [`SloLayer`](crate::SloLayer). Consumers are left out unless
/// [`with_consumers`](DebugPage::with_consumers) shows them.
///
/// A Prometheus that scrapes it reads the same series as over OTLP, so the same rules; its job has
/// to be called as the service.
///
/// ```
/// use axum::Router;
///
/// let app: Router = Router::new().route_service("/debug/slo", slo_tower::debug_page());
/// ```
pub fn debug_page() -> DebugPage {
    DebugPage {
        shows_consumers: false,
    }
}

/// The service that [`debug_page`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a page that is not mounted shows nothing"]
pub struct DebugPage {
    shows_consumers: bool,
}

impl DebugPage {
    /// Shows the counts of each consumer, too, where a layer tells consumers apart.
    pub fn with_consumers(mut self) -> DebugPage {
        self.shows_consumers = true;
        self
    }

    fn answer<B>(self, request: &Request<B>) -> Response<DebugBody> {
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            let mut refusal = Response::new(DebugBody::of(String::new()));
            *refusal.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
            let allowed = HeaderValue::from_static("GET, HEAD");
            refusal.headers_mut().insert(ALLOW, allowed);
            return refusal;
        }
        let mut snapshot = slo_sdk::snapshot();
        if !self.shows_consumers {
            snapshot = snapshot.without_consumers();
        }
        let format = Format::of(request.uri().query(), request.headers());
        let mut answer = Response::new(DebugBody::of(format.write(&snapshot)));
        let headers = [
            (CONTENT_TYPE, format.content_type()),
            (CACHE_CONTROL, "no-store"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (CONTENT_SECURITY_POLICY, html::POLICY),
        ];
        for (name, value) in headers {
            let value = HeaderValue::from_static(value);
            answer.headers_mut().insert(name, value);
        }
        answer
    }
}

impl<B> Service<Request<B>> for DebugPage {
    type Response = Response<DebugBody>;
    type Error = Infallible;
    type Future = DebugFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> DebugFuture {
        DebugFuture(Some(self.answer(&request)))
    }
}

/// The answer of a [`DebugPage`].
#[derive(Debug)]
pub struct DebugFuture(Option<Response<DebugBody>>);

impl Future for DebugFuture {
    type Output = Result<Response<DebugBody>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        // Here, and not in `call`: a layer enters its event around each poll.
        slo_sdk::layer::disregard();
        match self.0.take() {
            Some(answer) => Poll::Ready(Ok(answer)),
            // As every future that has ended already.
            None => Poll::Pending,
        }
    }
}

/// What a [`DebugPage`] answers, in one frame.
#[derive(Debug)]
pub struct DebugBody(Option<Bytes>);

impl DebugBody {
    fn of(text: String) -> DebugBody {
        DebugBody((!text.is_empty()).then(|| text.into()))
    }
}

impl Body for DebugBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|text| Ok(Frame::data(text))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let length = self.0.as_ref().map_or(0, Bytes::len);
        SizeHint::with_exact(u64::try_from(length).unwrap_or(u64::MAX))
    }
}
