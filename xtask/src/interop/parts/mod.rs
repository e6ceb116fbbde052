//! What deployments are made of: processes, the official Collector, Prometheus, and how fast time goes.

pub(super) mod collector;
pub(super) mod pace;
pub(super) mod process;
pub(super) mod store;
