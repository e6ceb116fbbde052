//! Whether every event is counted once, for the endpoint it belongs to.

pub(crate) mod conflicting_routes;
pub(in crate::rules) mod endpoint_not_annotated;
pub(in crate::rules) mod former_name_taken;
pub(in crate::rules) mod never_served;
pub(in crate::rules) mod no_route;
pub(in crate::rules) mod not_measured;
pub(in crate::rules) mod route_not_offered;
pub(in crate::rules) mod two_writers;
pub(in crate::rules) mod unannotated_traffic;
pub(in crate::rules) mod unused_ignore;
