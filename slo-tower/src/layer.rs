//! [`SloLayer`].

use crate::Slo;
use std::time::Duration;
use tower_layer::Layer;

/// Makes every request exactly one event; see the [crate documentation](crate).
///
/// Cheap to clone and to apply: axum may apply a layer anew for every request.
#[derive(Clone, Debug, Default)]
pub struct SloLayer {
    pub(crate) timeout: Option<Duration>,
}

impl SloLayer {
    /// A layer that counts as the annotations say.
    pub fn new() -> SloLayer {
        SloLayer::default()
    }

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
    pub fn timeout(mut self, timeout: Duration) -> SloLayer {
        self.timeout = Some(timeout);
        self
    }
}

impl<S> Layer<S> for SloLayer {
    type Service = Slo<S>;

    fn layer(&self, inner: S) -> Slo<S> {
        Slo::configured(inner, self)
    }
}
