//! For authors of layers: how a layer counts the events of a service.
//!
//! A [`Track`] is one event. A layer starts it, enters it around every poll of the work, and ends
//! it with what the response says ([`Answered`]). Its [`Origin`] names the endpoint of a request
//! that no handler claims.
//!
//! ```
//! use slo_sdk::layer::{Answered, Deadline, Origin, Track};
//! use slo_sdk::{Ending, Endpoint, unannotated::Counter};
//!
//! struct Unknown;
//!
//! impl Origin for Unknown {
//!     fn endpoint(&self, _: Option<Answered>) -> Option<&'static Endpoint> {
//!         None
//!     }
//!
//!     fn learn(&self, _: &'static Endpoint) {}
//!
//!     fn unannotated(&self, _: Option<Answered>) -> Option<Counter> {
//!         None
//!     }
//! }
//!
//! let mut track = Track::start(Unknown, Deadline::NONE);
//! let status = track.enter(|| 200);
//! track.end_with(Answered::new(Ending::Completed, Some(status)));
//! ```

pub use crate::{
    clock::Moment,
    event::track::{
        Answered, BodyPhase, Deadline, EnterGuard, Origin, Own, Track, claim, disregard,
        is_doubled, is_marked, is_tracked, set_doubled,
    },
    notice::warn,
    registry::{endpoint_count, endpoints},
    watch::{layer_is_blind_to_axum, layer_made},
};
