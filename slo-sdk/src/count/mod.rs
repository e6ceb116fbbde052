//! The counters of events: [`cells`] for all threads, and [`shards`] that one thread owns.

pub(crate) mod cells;
pub(crate) mod durations;
pub(crate) mod endings;
pub(crate) mod pages;
pub(crate) mod shards;
pub(crate) mod shared_shard;
pub(crate) mod slot;
pub(crate) mod thread_buckets;
pub(crate) mod thread_shard;
