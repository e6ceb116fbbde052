//! Numbers that follow from a seed: the same ones in every run and on every machine.

/// `SplitMix64`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// What the request of this number does follows from the seed and the number alone, so
    /// it does not matter which worker sends it, nor when.
    pub(crate) fn new(seed: u64, number: u64) -> Random {
        let mut of_seed = Random(seed);
        Random(of_seed.next() ^ number.wrapping_mul(0xd134_2543_de82_ef95))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One of them.
    ///
    /// # Panics
    /// If there is none.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let place = self.next() % of.len() as u64;
        &of[usize::try_from(place).unwrap_or_default()]
    }
}
