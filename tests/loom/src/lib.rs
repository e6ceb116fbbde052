//! The modules of slo-sdk that threads share, in every order that threads can run in.
//!
//! They are included as they are. What they find in the crate here is loom's: `sync` hands
//! out loom's atomics and locks, and `endpoint` stands for slo-sdk's, which is a static and
//! can't be made anew for every run of a model.

#![cfg(test)]
#![forbid(unsafe_code)]
#![allow(dead_code, reason = "a model uses a part of what is included")]

#[path = "../../../slo-sdk/src/cells.rs"]
mod cells;
#[path = "../../../slo-sdk/src/common.rs"]
mod common;
#[path = "../../../slo-sdk/src/endings.rs"]
mod endings;
mod endpoint;
#[path = "../../../slo-sdk/src/joint.rs"]
mod joint;
mod models;
#[path = "../../../slo-sdk/src/packed.rs"]
mod packed;
#[path = "../../../slo-sdk/src/pages.rs"]
mod pages;
#[path = "../../../slo-sdk/src/rows.rs"]
mod rows;
#[path = "../../../slo-sdk/src/said.rs"]
mod said;
#[path = "../../../slo-sdk/src/shards.rs"]
mod shards;
#[path = "../../../slo-sdk/src/slot.rs"]
mod slot;
mod span;
mod sync;
mod waiting;

use endpoint::Endpoint;
