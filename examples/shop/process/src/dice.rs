//! Chance that can be repeated.

/// A sequence of numbers that looks random and follows from a seed.
///
/// SplitMix64 (Steele, Lea, Flood: *Fast splittable pseudorandom number generators*, 2014):
/// a few lines, good enough for anything but secrets, and the same everywhere.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice that always fall the same for the same seed.
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// The seed mixed with something else that tells these dice from others.
    #[must_use]
    pub fn and(mut self, other: u64) -> Dice {
        Dice(self.roll() ^ other)
    }

    /// The seed mixed with a text.
    #[must_use]
    pub fn and_text(self, text: &str) -> Dice {
        text.bytes().fold(self, |dice, byte| dice.and(byte.into()))
    }

    /// Any number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`, which is not 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.roll() % limit
    }

    /// True with this probability, from 0 to 1.
    #[expect(
        clippy::cast_precision_loss,
        reason = "53 bits are kept, which is what f64 holds"
    )]
    pub fn chance(&mut self, probability: f64) -> bool {
        let roll = (self.roll() >> 11) as f64 / (1u64 << 53) as f64;
        roll < probability
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dice_repeat_themselves() {
        let rolls = |seed| {
            let mut dice = Dice::new(seed).and_text("orders").and(7);
            [dice.roll(), dice.roll()]
        };
        assert_eq!(rolls(1), rolls(1));
        assert_ne!(rolls(1), rolls(2));
    }

    #[test]
    fn chances_are_kept() {
        let mut dice = Dice::new(1);
        let hits = (0..100_000).filter(|_| dice.chance(0.03)).count();
        assert!((2_800..3_200).contains(&hits), "{hits}");
        assert!((0..1000).all(|_| !dice.chance(0.0) && dice.chance(1.0)));
    }
}
