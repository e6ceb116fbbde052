//! The modules of slo-sdk that threads share, in every order that threads can run in.
//!
//! They are included as they are. What they find in the crate here is loom's: `sync` hands
//! out loom's atomics and locks, and `endpoint` stands for slo-sdk's, which is a static and
//! can't be made again for every run of a model.

#![cfg(test)]
#![forbid(unsafe_code)]
#![allow(dead_code, reason = "a model uses a part of what is included")]

#[path = "../../../slo-sdk/src/count"]
mod count {
    pub(crate) mod cells;
    pub(crate) mod endings;
    pub(crate) mod pages;
    pub(crate) mod shards;
    pub(crate) mod shared_shard;
    pub(crate) mod slot;
    pub(crate) mod thread_buckets;
}
mod endpoint;
#[path = "../../../slo-sdk/src/event"]
mod event {
    pub(crate) mod claim;
    pub(crate) mod packed;
    pub(crate) mod reason;
    #[path = "../../../tests/loom/src/event/unclaimed.rs"]
    pub(crate) mod unclaimed;
    pub(crate) mod shared {
        pub(crate) mod state;
    }
}
mod models;
mod sync;

use endpoint::Endpoint;
