//! The layer on real connections, in both places it can stand.

mod client;
mod placements;
mod scenario;
mod shop;
mod stacked;
mod tonic;
