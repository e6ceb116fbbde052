//! As in slo-sdk, but without the count of those that nobody knows, which is a static.

use crate::Endpoint;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Waiting {
    For(&'static Endpoint),
    Unclaimed,
}

impl Waiting {
    pub(crate) fn begin(bound_for: Option<&'static Endpoint>) -> Waiting {
        match bound_for {
            Some(endpoint) => {
                endpoint.start();
                Waiting::For(endpoint)
            }
            None => Waiting::Unclaimed,
        }
    }

    pub(crate) fn is_over(self, endpoint: Option<&'static Endpoint>) -> bool {
        match (self, endpoint) {
            (Waiting::For(bound_for), Some(endpoint)) if std::ptr::eq(bound_for, endpoint) => true,
            (Waiting::For(bound_for), _) => {
                bound_for.lose();
                false
            }
            (Waiting::Unclaimed, _) => false,
        }
    }
}
