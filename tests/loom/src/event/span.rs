//! As in slo-sdk with its feature `tracing-opentelemetry`.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reason(Option<&'static str>);

impl Reason {
    pub(crate) const NONE: Reason = Reason(None);

    pub(crate) fn new(reason: Option<&'static str>) -> Reason {
        Reason(reason)
    }
}
