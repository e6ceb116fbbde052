//! Numbers that follow from a seed.

use std::{env, time::SystemTime};

/// `HOSTILE_SEED` repeats a run.
pub(crate) fn seed() -> u64 {
    match env::var("HOSTILE_SEED") {
        Ok(seed) => seed.parse().expect("HOSTILE_SEED is a number"),
        Err(_) => SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .map_or(1, |since| u64::from(since.subsec_nanos())),
    }
}

/// `SplitMix64`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// What the connection of this number does follows from the seed and the number alone.
    pub(crate) fn new(seed: u64, number: u64) -> Random {
        let mut of_seed = Random(seed);
        Random(of_seed.next() ^ number.wrapping_mul(0xd134_2543_de82_ef95))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Less than this.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap_or_default()
    }

    /// True once in the given number of times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// Any bytes.
    pub(crate) fn bytes(&mut self, number: usize) -> Vec<u8> {
        std::iter::repeat_with(|| self.next().to_le_bytes()[0])
            .take(number)
            .collect()
    }

    /// A word that hardly comes twice.
    pub(crate) fn word(&mut self) -> String {
        format!("{:x}", self.next())
    }
}
