//! [`SloLayer`].

use crate::Slo;
use tower_layer::Layer;

/// Makes every request exactly one event; see the [crate documentation](crate).
///
/// Cheap to clone and to apply: axum may apply a layer anew for every request.
#[derive(Clone, Debug, Default)]
pub struct SloLayer(());

impl SloLayer {
    /// A layer that counts as the annotations say.
    pub fn new() -> SloLayer {
        SloLayer(())
    }
}

impl<S> Layer<S> for SloLayer {
    type Service = Slo<S>;

    fn layer(&self, inner: S) -> Slo<S> {
        Slo::new(inner)
    }
}
