//! Which trace an event belongs to, as far as it is known for certain.

use opentelemetry::{
    Context, SpanId, TraceFlags, TraceId,
    trace::{SpanContext, TraceContextExt},
};

/// The trace of an event, and its span where that is the service's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TraceContext {
    pub(crate) trace: TraceId,
    /// Invalid if only the caller's is known.
    pub(crate) span: SpanId,
    pub(crate) flags: TraceFlags,
}

impl TraceContext {
    /// `None` if it is of no trace.
    pub(crate) fn from_span_context(span: &SpanContext) -> Option<TraceContext> {
        span.is_valid().then(|| TraceContext {
            trace: span.trace_id(),
            span: span.span_id(),
            flags: span.trace_flags(),
        })
    }

    /// What OpenTelemetry has entered on this thread. A span that was started elsewhere is the
    /// caller's.
    pub(crate) fn current() -> Option<TraceContext> {
        Context::map_current(|context| {
            let span = context.span();
            let context = span.span_context();
            TraceContext::from_span_context(context).map(|known| TraceContext {
                span: if context.is_remote() {
                    SpanId::INVALID
                } else {
                    known.span
                },
                ..known
            })
        })
    }

    /// What a `traceparent` of W3C says; the span in it is the caller's.
    pub(crate) fn from_traceparent(text: &str) -> Option<TraceContext> {
        const HEAD: usize = 55;
        let is_hex = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let (head, rest) = (text.get(..HEAD)?, text.get(HEAD..)?);
        let mut parts = head.split('-');
        let [version, trace, span, flags] =
            [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
        let has_shape = [version, trace, span, flags].map(str::len) == [2, 32, 16, 2]
            && [version, trace, span, flags].into_iter().all(is_hex)
            && parts.next().is_none();
        // Later versions may say more behind a dash.
        let is_known = match version {
            "00" => rest.is_empty(),
            "ff" => false,
            _ => rest.is_empty() || rest.starts_with('-'),
        };
        let trace = TraceId::from_hex(trace).ok()?;
        let caller = SpanId::from_hex(span).ok()?;
        let is_valid = trace != TraceId::INVALID && caller != SpanId::INVALID;
        (has_shape && is_known && is_valid).then_some(TraceContext {
            trace,
            span: SpanId::INVALID,
            flags: TraceFlags::new(u8::from_str_radix(flags, 16).ok()?),
        })
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    #[test]
    fn a_traceparent_is_read_to_the_letter() {
        let known = |text: &str| TraceContext::from_traceparent(text);
        let head = format!("00-{TRACE}-00f067aa0ba902b7-01");
        let parsed = known(&head).expect("it is one");
        assert_eq!(parsed.trace, TraceId::from_hex(TRACE).expect("hexadecimal"));
        assert_eq!(
            (parsed.span, parsed.flags),
            (SpanId::INVALID, TraceFlags::SAMPLED)
        );
        assert!(known(&format!("cc-{}-what-comes", &head[3..])).is_some());
        for wrong in [
            String::new(),
            head[1..].to_owned(),
            format!("{head}-more"),
            format!("{head}x"),
            head.to_uppercase(),
            format!("ff{}", &head[2..]),
            format!("cc{}x", &head[2..]),
            head.replace(TRACE, &"0".repeat(32)),
            head.replace("00f067aa0ba902b7", "0000000000000000"),
            head.replace("4bf9", "4bg9"),
            head.replace('-', "_"),
            head.replace("4bf9", "+bf9"),
            head.replace("4bf9", "\u{e4}bf"),
        ] {
            assert_eq!(known(&wrong), None, "{wrong}");
        }
    }
}
