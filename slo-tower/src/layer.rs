//! [`SloLayer`].

use crate::{
    Classifier, Consumers, Slo, Standard,
    router_facts::{FactsNumber, RouterFacts},
};
use slo_sdk::{Endpoint, layer::Deadline};
use std::time::Duration;
use tower_layer::Layer;

/// Makes every request exactly one event; see the [crate documentation](crate).
///
/// Cheap to clone and to apply: axum may apply a layer again for every request.
#[derive(Clone, Debug)]
pub struct SloLayer<C = Standard> {
    pub(crate) timeout: Deadline,
    pub(crate) endpoint: Option<&'static Endpoint>,
    pub(crate) facts: FactsNumber,
    /// False where endpoint, facts and consumers are unknown, as usual.
    pub(crate) is_special: bool,
    pub(crate) announces: bool,
    pub(crate) trace_context: bool,
    pub(crate) consumers: Option<Consumers>,
    #[cfg_attr(feature = "off", expect(dead_code, reason = "nothing is judged"))]
    pub(crate) classifier: C,
}

impl<C: Default> Default for SloLayer<C> {
    fn default() -> SloLayer<C> {
        slo_sdk::layer::layer_made();
        #[cfg(not(feature = "off"))]
        crate::counting::routes::report_conflicts();
        SloLayer {
            timeout: Deadline::default(),
            endpoint: None,
            facts: FactsNumber::NONE,
            is_special: false,
            announces: false,
            trace_context: false,
            consumers: None,
            classifier: C::default(),
        }
    }
}

impl SloLayer {
    /// Returns a layer that counts as the annotations say.
    ///
    /// The first one of a process warns of declared routes that can't stand in one router.
    pub fn new() -> SloLayer {
        SloLayer::default()
    }
}

impl<C> SloLayer<C> {
    /// Says that a timeout stands around this layer, so that a request that is dropped when
    /// it passes counts as one that missed its deadline, not as given up by its client.
    ///
    /// A `grpc-timeout` that the client sends is known without it.
    ///
    /// ```
    /// use slo_tower::SloLayer;
    /// use std::time::Duration;
    /// use tower::{ServiceBuilder, timeout::TimeoutLayer};
    ///
    /// const LIMIT: Duration = Duration::from_secs(10);
    /// let stack = ServiceBuilder::new()
    ///     .layer(TimeoutLayer::new(LIMIT))
    ///     .layer(SloLayer::new().timeout(LIMIT));
    /// ```
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> SloLayer<C> {
        self.timeout = Deadline::after(timeout);
        self
    }

    /// Makes every request an event of this endpoint, whatever it runs into: for a client,
    /// whose handlers are elsewhere, and for services without handlers of one's own. An
    /// annotated handler below is an event beside it.
    ///
    /// Inside another layer a new request, such as a client's, is a separate event. One
    /// that the other layer has seen, too, is this endpoint's one event, judged by the outer layer.
    ///
    /// A request is an event from the call on, also if its future is never polled.
    ///
    /// ```
    /// use slo_sdk::{Endpoint, Journey, Objectives, endpoint};
    /// use slo_tower::SloLayer;
    /// use tower::ServiceBuilder;
    /// # const CHECKOUT: Journey = Journey::new("checkout").objectives(Objectives::new().availability(99.9));
    ///
    /// static BANK: &Endpoint = endpoint!(name = "call-bank", journey = CHECKOUT);
    ///
    /// # fn client<S>(channel: S) {
    /// let bank = ServiceBuilder::new().layer(SloLayer::new().endpoint(BANK)).service(channel);
    /// # }
    /// ```
    #[must_use]
    pub fn endpoint(mut self, endpoint: &'static Endpoint) -> SloLayer<C> {
        self.endpoint = Some(endpoint);
        self.is_special = true;
        self
    }

    /// Makes an event of this endpoint of every request that the service below has served, that no
    /// annotated handler claims, and that no route tells to be another endpoint's: the layer alone
    /// then says how many errors there are, against the objectives of the endpoint's journey.
    ///
    /// What nobody served stays unannotated: 404, 405 and gRPC's `UNIMPLEMENTED` where no route
    /// matched that the layer sees, 405 and `UNIMPLEMENTED` on a route, and `OPTIONS`. Nothing is
    /// learnt for the endpoint: a handler that is annotated later takes its requests with it.
    ///
    /// Of two layers the outer one's counts; a warning says so.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use slo_sdk::{Endpoint, Journey, Objectives, endpoint};
    /// use slo_tower::SloLayer;
    ///
    /// const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));
    /// static REST: &Endpoint = endpoint!(name = "rest", journey = SHOP);
    ///
    /// let app: Router = Router::new()
    ///     .route("/cart", get(|| async { "empty" }))
    ///     .layer(SloLayer::new().journey(REST));
    /// ```
    #[must_use]
    pub fn journey(self, endpoint: &'static Endpoint) -> SloLayer<C> {
        let prefix = self.facts.facts().and_then(|facts| facts.prefix.as_deref());
        self.told(RouterFacts::number(Some(endpoint), prefix))
    }

    /// Says what was taken off the path of requests before they reach this layer, such as `/v2` by
    /// a gateway or by a router that is not axum's. Declared routes are then compared with the path
    /// as the client sent it, and what is served without an annotation and without a route that the
    /// layer sees is counted under this prefix. What axum takes off is known without it, with the
    /// feature `axum`.
    ///
    /// ```
    /// use slo_tower::SloLayer;
    ///
    /// let layer = SloLayer::new().mounted_at("/v2");
    /// ```
    #[must_use]
    pub fn mounted_at(self, prefix: &str) -> SloLayer<C> {
        let journey = self.facts.facts().and_then(|facts| facts.journey);
        let prefix = RouterFacts::prefix(prefix);
        self.told(RouterFacts::number(journey, prefix.as_deref()))
    }

    fn told(mut self, facts: FactsNumber) -> SloLayer<C> {
        self.facts = facts;
        self.is_special = true;
        self
    }

    /// Counts each request once more for the consumer whose it was, as `slo.consumer.events`, so
    /// that a business unit sees what it has met with. The list keeps the number of series within
    /// what the program knows; everybody else is `other`. Of two layers, the outer one tells
    /// consumers apart. What is not a request, such as a job, has no consumer.
    ///
    /// An endpoint takes 740 bytes more for each consumer that calls it, and the counters are
    /// shared by all threads.
    ///
    /// Make the list before `slo_sdk::init()`, which then has room for all its series:
    /// of a later one, OpenTelemetry's SDK exports 2,000 and a warning says so.
    ///
    /// ```
    /// use http::HeaderName;
    /// use slo_tower::{Consumers, SloLayer};
    ///
    /// let units = Consumers::by_header(HeaderName::from_static("x-unit"), ["billing", "mobile"]);
    /// let layer = SloLayer::new().consumers(units);
    /// ```
    #[must_use]
    pub fn consumers(mut self, consumers: Consumers) -> SloLayer<C> {
        self.consumers = Some(consumers);
        self.is_special = true;
        self
    }

    /// Whether the log record of a bad event says which trace the caller's `traceparent` names, for
    /// services without OpenTelemetry's tracing. By default it does not: it
    /// keeps the header of each request, and locks to do so.
    ///
    /// Where a span of the service is known, that is told instead.
    #[must_use]
    pub fn trace_context(mut self, kept: bool) -> SloLayer<C> {
        self.trace_context = kept;
        self.is_special |= kept;
        self
    }

    /// Judges answers by this opinion instead of the table.
    #[must_use]
    pub fn classifier<D: Classifier>(self, classifier: D) -> SloLayer<D> {
        SloLayer {
            timeout: self.timeout,
            endpoint: self.endpoint,
            facts: self.facts,
            is_special: self.is_special,
            announces: self.announces,
            trace_context: self.trace_context,
            consumers: self.consumers,
            classifier,
        }
    }

    /// Tells a gateway in front what the status of an answer does not: that the handler
    /// marked its event before it answered, or that this service judges the status otherwise.
    /// It is told in the header `slo-result`, with one of the words `good`, `bad` and
    /// `excluded`.
    ///
    /// Only a gateway that trusts this service listens, with an
    /// [`UpstreamLayer`](crate::UpstreamLayer) around its client.
    #[must_use]
    pub fn announce_result(mut self) -> SloLayer<C> {
        self.announces = true;
        self
    }
}

impl<S, C: Clone> Layer<S> for SloLayer<C> {
    type Service = Slo<S, C>;

    fn layer(&self, inner: S) -> Slo<S, C> {
        #[cfg(not(any(feature = "axum", feature = "off")))]
        look_for_axum::<S>();
        Slo::configured(inner, self.clone())
    }
}

/// Around one of axum's routes, axum knows which of them matched, and this build does not ask.
/// Axum is not a dependency of it, so the type is known by its name alone.
#[cfg(not(any(feature = "axum", feature = "off")))]
fn look_for_axum<S>() {
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
    static LOOKED: AtomicBool = AtomicBool::new(false);
    // A layer may be applied for every request.
    if !LOOKED.load(Relaxed) && std::any::type_name::<S>() == "axum::routing::route::Route" {
        LOOKED.store(true, Relaxed);
        slo_sdk::layer::layer_is_blind_to_axum();
    }
}
