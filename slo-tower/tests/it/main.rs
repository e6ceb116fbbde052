//! The layer on real connections, in both places it can stand.

#[cfg(not(any(feature = "axum", feature = "off")))]
mod blind;
mod client;
mod consumers;
#[cfg(not(feature = "off"))]
mod debug_page;
mod exchange;
mod fixed;
mod opinions;
mod outside;
mod placements;
mod scenario;
mod shop;
mod spawned;
mod stacked;
mod stuck;
mod tonic;
mod uncovered;
