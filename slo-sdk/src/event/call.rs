//! The event of an annotated function that no layer counts.

use crate::{
    Endpoint,
    event::{
        judge::Judgement,
        scope,
        track::{Answered, Deadline, Origin, Track},
    },
    notice,
    unannotated::Counter,
};
use slo_model::Ending;

/// The origin of the event of a function that counts itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// A job or a call, which is nobody's answer.
    Alone,
    /// A handler that runs within the event of another one.
    Nested,
    /// A handler outside every layer.
    Outside,
    /// The same, where `route` says that what it returns is part of an answer.
    Unseen,
}

impl Call {
    fn new(endpoint: &Endpoint) -> Call {
        if endpoint.is_own_event() {
            Call::Alone
        } else if scope::current().claim.is_event() {
            Call::Nested
        } else if endpoint.declaration().route.is_none() {
            Call::Outside
        } else {
            Call::Unseen
        }
    }
}

impl Origin for Call {
    fn endpoint(&self, _: Option<Answered>) -> Option<&'static Endpoint> {
        None
    }

    fn learn(&self, _: &'static Endpoint) {}

    fn unannotated(&self, _: Option<Answered>) -> Option<Counter> {
        Some(Counter::UNMATCHED)
    }

    fn is_unseen(&self) -> bool {
        *self == Call::Unseen
    }
}

/// Starts the event of a function that no layer counts.
pub(crate) fn start(endpoint: &'static Endpoint) -> Track<Call> {
    let call = Call::new(endpoint);
    if call == Call::Unseen
        && let Some(route) = endpoint.declaration().route
        && endpoint.is_first_warning()
    {
        notice::warn(format_args!(
            "no SloLayer saw this request of `{}` ({}), so its events are counted as outside_layer, \
             good or bad in no SLI; a layer covers what a router got before it: call \
             `.layer(SloLayer::new())` after the last route",
            route.as_str(),
            endpoint.declaration().name,
        ));
    }
    Track::start_for(endpoint, call, Deadline::NONE)
}

/// Ends it with what its value says.
pub(crate) fn end(track: &mut Track<Call>, endpoint: &Endpoint, judgement: Judgement) {
    let call = *track.origin();
    let judged = match call {
        Call::Alone => Ok(judgement.of_call()),
        Call::Nested | Call::Outside | Call::Unseen => judgement.of_handler(),
    };
    match judged {
        Ok(answered) => track.end_with(answered),
        Err(value) => {
            track.end(Ending::OutsideLayer);
            if call != Call::Unseen && endpoint.is_first_warning() {
                warn(call, endpoint, value);
            }
        }
    }
}

#[cold]
fn warn(call: Call, endpoint: &Endpoint, value: &'static str) {
    let name = endpoint.declaration().name;
    match call {
        Call::Nested => notice::warn(format_args!(
            "{name} ran within the event of another endpoint, where no SloLayer sees its answer, \
             and what it returned (`{value}`) does not say whether it is good: its events are \
             counted as outside_layer, good or bad in no SLI; add `per = call` to its #[slo] to \
             have each call of it judged, `Err` bad and everything else good"
        )),
        _ => notice::warn(format_args!(
            "{name} ran outside every SloLayer, and what it returned (`{value}`) does not say \
             whether it is good: its events are counted as outside_layer, good or bad in no SLI; \
             for a handler call `.layer(SloLayer::new())` after the last route, for a job add \
             `every = …` to its #[slo], for another function `per = call`"
        )),
    }
}
