//! The rows of the table of what counts, by what decides them.

mod bodies;
mod deadlines;
mod grpc;
mod grpc_web;
mod judging;
mod marks;
mod panics;
mod slow;
mod statuses;
mod unclaimed;
mod until_headers;
