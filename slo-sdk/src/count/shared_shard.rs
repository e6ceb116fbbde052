//! The counters that several threads share.

use crate::count::shards::Shard;
use slo_model::Ending;

/// A shard that no thread owns: whoever counts in it adds atomically, and nothing else can be done
/// with it.
#[derive(Debug)]
pub(crate) struct SharedShard(Shard);

impl SharedShard {
    /// Room for so many endpoints, or a few more.
    pub(crate) fn new(endpoints: usize) -> SharedShard {
        SharedShard(Shard::new(endpoints))
    }

    /// For reading.
    pub(crate) fn shard(&self) -> &Shard {
        &self.0
    }

    /// An event of the endpoint at this place started. False where there is no room for such a
    /// place, and it is to be counted elsewhere.
    #[inline]
    pub(crate) fn start(&self, place: usize) -> bool {
        let Some(slot) = self.0.slot(place) else {
            return false;
        };
        slot.add_start();
        true
    }

    /// One ended. False where it is to be counted elsewhere: there is no room for it, or it did
    /// not end as usual.
    #[inline]
    pub(crate) fn end(&self, place: usize, ending: Ending, level: usize) -> bool {
        let slot = self.0.slot(place);
        slot.is_some_and(|slot| slot.add_end(ending, level))
    }

    /// One that belongs in this one of so many buckets took so long. False where there is no room
    /// for it.
    pub(crate) fn measured(
        &self,
        place: usize,
        buckets: usize,
        bucket: usize,
        nanoseconds: u64,
    ) -> bool {
        let Some(slot) = self.0.slot(place) else {
            return false;
        };
        slot.row(buckets).add(bucket, nanoseconds);
        true
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::count::slot::COMMON_ENDINGS;
    use std::thread;

    #[test]
    fn threads_that_share_a_shard_lose_nothing() {
        const THREADS: u64 = 4;
        const EVENTS: u64 = if cfg!(miri) { 20 } else { 20_000 };
        const PLACE: usize = 70;
        let common = SharedShard::new(PLACE + 1);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    for event in 0..EVENTS {
                        assert!(common.start(PLACE));
                        let bucket = usize::from(event % 2 == 1);
                        assert!(common.measured(PLACE, 2, bucket, event));
                        assert!(common.end(PLACE, Ending::Completed, bucket));
                    }
                });
            }
        });
        let slot = common.shard().slot(PLACE).unwrap();
        let mut ended = [0; COMMON_ENDINGS.len()];
        slot.add_ended_to(&mut ended);
        let half = THREADS * EVENTS / 2;
        assert_eq!(slot.started(), 2 * half);
        assert_eq!(ended, [half, half, 0]);
        let mut buckets = [0; 2];
        let nanoseconds = slot.made_row().unwrap().add_to(&mut buckets);
        assert_eq!(buckets, [half; 2]);
        assert_eq!(nanoseconds, THREADS * EVENTS * (EVENTS - 1) / 2);
    }

    #[test]
    fn what_has_no_place_is_counted_elsewhere() {
        let common = SharedShard::new(1);
        assert!(!common.end(0, Ending::Panicked, 0));
        let far = 1_000;
        assert!(!common.start(far) && !common.end(far, Ending::Completed, 0));
        assert!(!common.measured(far, 1, 0, 0));
    }
}
