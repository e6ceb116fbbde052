//! `slo.*` attributes on the span of a bad event, so that a count leads to its traces.
//!
//! The span is taken when the handler claims the event, because by the time the body ends
//! nobody is inside it any more. Without the feature `tracing-opentelemetry` everything
//! here is empty.

#[cfg(feature = "tracing-opentelemetry")]
mod on {
    use crate::{
        Endpoint,
        event::{reason::Reason, trace::TraceContext},
    };
    use opentelemetry::trace::TraceContextExt;
    use slo_model::{Ending, Outcome, classify};
    use std::cell::Cell;
    use tracing::Span;
    use tracing_opentelemetry::OpenTelemetrySpanExt;

    thread_local! {
        /// From the claim, deep in the handler, to the track that is entered around it.
        static CLAIMED: Cell<Option<Span>> = const { Cell::new(None) };
    }

    #[derive(Debug)]
    pub(crate) struct Captured(Span);

    /// The claim of an outer track, while an inner one is entered.
    #[derive(Debug)]
    pub(crate) struct Aside(Option<Span>);

    pub(crate) fn set_aside() -> Aside {
        Aside(CLAIMED.take())
    }

    impl Aside {
        pub(crate) fn restore(&mut self) {
            CLAIMED.set(self.0.take());
        }
    }

    pub(crate) fn claimed() {
        let span = Span::current();
        if !span.is_none() {
            CLAIMED.set(Some(span));
        }
    }

    impl Captured {
        pub(crate) fn current() -> Captured {
            Captured(Span::current())
        }

        pub(crate) fn take(&mut self) -> Captured {
            Captured(std::mem::replace(&mut self.0, Span::none()))
        }

        pub(crate) fn claimed(&mut self) {
            if let Some(span) = CLAIMED.take() {
                self.0 = span;
            }
        }

        /// The span, as OpenTelemetry knows it.
        pub(crate) fn trace(&self) -> Option<TraceContext> {
            TraceContext::from_span_context(self.0.context().span().span_context())
        }

        pub(crate) fn ended(
            &self,
            endpoint: &Endpoint,
            ending: Ending,
            level: usize,
            reason: Reason,
        ) {
            let verdict = classify(ending, level > 0);
            let bad = |outcome| outcome == Outcome::Bad;
            if self.0.is_none() || !(bad(verdict.availability) || bad(verdict.latency)) {
                return;
            }
            let declaration = endpoint.declaration();
            self.0.set_attribute("slo.endpoint", declaration.name);
            self.0
                .set_attribute("slo.journey", declaration.journey.name());
            self.0.set_attribute("slo.result", verdict.result.as_str());
            if let Some(reason) = reason.text() {
                self.0.set_attribute("slo.reason", reason);
            }
        }
    }
}

#[cfg(not(feature = "tracing-opentelemetry"))]
mod off {
    use crate::{
        Endpoint,
        event::{reason::Reason, trace::TraceContext},
    };
    use slo_model::Ending;

    #[derive(Debug)]
    pub(crate) struct Captured;

    #[derive(Debug)]
    pub(crate) struct Aside;

    #[inline]
    pub(crate) fn set_aside() -> Aside {
        Aside
    }

    impl Aside {
        #[inline]
        #[expect(clippy::unused_self, reason = "the feature's other side uses it")]
        pub(crate) fn restore(&mut self) {}
    }

    #[inline]
    pub(crate) fn claimed() {}

    impl Captured {
        #[inline]
        pub(crate) fn current() -> Captured {
            Captured
        }

        #[inline]
        #[expect(clippy::unused_self, reason = "the feature's other side uses it")]
        pub(crate) fn take(&mut self) -> Captured {
            Captured
        }

        #[inline]
        #[expect(clippy::unused_self, reason = "the feature's other side uses it")]
        pub(crate) fn claimed(&mut self) {}

        #[expect(clippy::unused_self, reason = "the feature's other side uses it")]
        pub(crate) fn trace(&self) -> Option<TraceContext> {
            None
        }

        #[inline]
        #[expect(clippy::unused_self, reason = "the feature's other side uses it")]
        pub(crate) fn ended(&self, _: &Endpoint, _: Ending, _: usize, _: Reason) {}
    }
}

#[cfg(not(feature = "tracing-opentelemetry"))]
pub(crate) use off::{Aside, Captured, claimed, set_aside};
#[cfg(feature = "tracing-opentelemetry")]
pub(crate) use on::{Aside, Captured, claimed, set_aside};
