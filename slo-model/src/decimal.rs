//! Exact decimals for numbers that people and rule files read.

use std::fmt;

/// A non-negative rational number, written without floating point noise.
///
/// Targets, budgets, burn rates and thresholds of alerts are products and quotients of
/// small integers, so they are kept as such and only divided when written: `0.0144`, never
/// `0.014399999999999968`. At most 12 decimals are written, the last one rounded half up.
///
/// Numerators and denominators have 128 bits. A result that needs more, which only numbers of
/// more than nine digits and decimals together reach, is rounded to what fits: by less than one
/// part in 2^60 where it is between 2^-60 and 2^60. Nothing overflows.
///
/// ```
/// use slo_model::Decimal;
/// assert_eq!(Decimal::new(144, 10_000).to_string(), "0.0144");
/// assert_eq!(Decimal::new(2, 3).to_string(), "0.666666666667");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    numerator: u128,
    denominator: u128,
}

impl Decimal {
    const PLACES: u32 = 12;

    /// `numerator / denominator`; panics where the denominator is 0.
    pub const fn new(numerator: u128, denominator: u128) -> Decimal {
        assert!(denominator != 0, "a decimal has a denominator");
        let divisor = gcd(numerator, denominator);
        Decimal {
            numerator: numerator / divisor,
            denominator: denominator / divisor,
        }
    }

    /// Returns the product, exactly where it fits.
    #[must_use]
    pub const fn times(self, other: Decimal) -> Decimal {
        let a = Decimal::new(self.numerator, other.denominator);
        let b = Decimal::new(other.numerator, self.denominator);
        Wide::product(a.numerator, b.numerator).over(Wide::product(a.denominator, b.denominator))
    }

    /// Returns the quotient, exactly where it fits; `None` if the divisor is 0.
    #[must_use]
    pub const fn over(self, divisor: Decimal) -> Option<Decimal> {
        if divisor.numerator == 0 {
            return None;
        }
        Some(self.times(Decimal {
            numerator: divisor.denominator,
            denominator: divisor.numerator,
        }))
    }

    /// Returns the difference, exactly where it fits; 0 where the other is larger.
    #[must_use]
    pub const fn less(self, other: Decimal) -> Decimal {
        let shared = gcd(self.denominator, other.denominator);
        let own = Wide::product(self.numerator, other.denominator / shared);
        let others = Wide::product(other.numerator, self.denominator / shared);
        own.less(others)
            .over(Wide::product(self.denominator / shared, other.denominator))
    }

    /// Returns `true` if the value is smaller than the other.
    pub const fn is_less_than(self, other: Decimal) -> bool {
        let own = Wide::product(self.numerator, other.denominator);
        own.is_less_than(Wide::product(other.numerator, self.denominator))
    }

    /// Returns the whole number below it, or it itself.
    pub const fn floor(self) -> u128 {
        self.numerator / self.denominator
    }

    /// Returns `true` if all of it is written: it has at most 12 decimals.
    pub const fn is_written_exactly(self) -> bool {
        10u128.pow(Self::PLACES).is_multiple_of(self.denominator)
    }

    /// Returns the numerator and denominator, in lowest terms.
    pub const fn parts(self) -> (u128, u128) {
        (self.numerator, self.denominator)
    }

    /// Returns `true` if the value is smaller than the whole number `n`.
    pub const fn is_below(self, n: u128) -> bool {
        Wide::product(self.numerator, 1).is_less_than(Wide::product(n, self.denominator))
    }

    /// The nearest double, for arithmetic with measured values.
    #[expect(
        clippy::cast_precision_loss,
        reason = "measured values carry no more than that"
    )]
    pub fn to_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

impl Decimal {
    /// What stands after the point, in units of the last place, rounded half up.
    fn places(self) -> u128 {
        let rest = self.numerator % self.denominator;
        // Half of the places at a time, so that no division needs more than 64 bits.
        const HALF: u64 = 10u64.pow(Decimal::PLACES / 2);
        match (u64::try_from(rest), u64::try_from(self.denominator)) {
            (Ok(rest), Ok(denominator)) if denominator < u64::MAX / HALF => {
                let (first, rest) = (rest * HALF / denominator, rest * HALF % denominator);
                let (second, rest) = (rest * HALF / denominator, rest * HALF % denominator);
                let up = u64::from(rest >= denominator.div_ceil(2));
                u128::from(first * HALF + second + up)
            }
            _ => {
                let scale = 10u128.pow(Self::PLACES);
                // Bits that no place shows, and for which the products have no room.
                let spare = (self.denominator.ilog2() + 1).saturating_sub(86);
                let (rest, denominator) = (rest >> spare, self.denominator >> spare);
                (rest * scale * 2 + denominator) / (denominator * 2)
            }
        }
    }
}

/// A whole number of 256 bits.
#[derive(Clone, Copy)]
struct Wide {
    high: u128,
    low: u128,
}

impl Wide {
    const fn product(a: u128, b: u128) -> Wide {
        if let Some(low) = a.checked_mul(b) {
            return Wide { high: 0, low };
        }
        const HALF: u128 = u64::MAX as u128;
        let (a, b) = ([a & HALF, a >> 64], [b & HALF, b >> 64]);
        let low = a[0] * b[0];
        let one = a[1] * b[0] + (low >> 64);
        let two = a[0] * b[1] + (one & HALF);
        Wide {
            high: a[1] * b[1] + (one >> 64) + (two >> 64),
            low: (two << 64) | (low & HALF),
        }
    }

    const fn is_less_than(self, other: Wide) -> bool {
        self.high < other.high || (self.high == other.high && self.low < other.low)
    }

    /// The difference; 0 where the other is larger.
    const fn less(self, other: Wide) -> Wide {
        if self.is_less_than(other) {
            return Wide { high: 0, low: 0 };
        }
        let (low, borrows) = self.low.overflowing_sub(other.low);
        Wide {
            high: self.high - other.high - borrows as u128,
            low,
        }
    }

    const fn bits(self) -> u32 {
        256 - match self.high {
            0 => 128 + self.low.leading_zeros(),
            high => high.leading_zeros(),
        }
    }

    /// The number without its last bits.
    const fn without(self, bits: u32) -> u128 {
        match bits {
            0 => self.low,
            1..128 => (self.high << (128 - bits)) | (self.low >> bits),
            _ => match self.high.checked_shr(bits - 128) {
                Some(high) => high,
                None => 0,
            },
        }
    }

    /// The quotient. Where one of both does not fit, both lose as many of their last bits as it
    /// takes; a quotient too large to be written is the largest that can be.
    const fn over(self, divisor: Wide) -> Decimal {
        if self.high == 0 && divisor.high == 0 {
            return Decimal::new(self.low, divisor.low);
        }
        let (own, others) = (self.bits(), divisor.bits());
        let bits = if own > others { own } else { others } - 128;
        match divisor.without(bits) {
            0 => Decimal::new(u128::MAX, 1),
            denominator => Decimal::new(self.without(bits), denominator),
        }
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Decimal) -> bool {
        // Both are in lowest terms.
        (self.numerator, self.denominator) == (other.numerator, other.denominator)
    }
}

impl Eq for Decimal {}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = 10u128.pow(Self::PLACES);
        let mut whole = self.numerator / self.denominator;
        let mut places = self.places();
        if places == scale {
            whole += 1;
            places = 0;
        }
        if places == 0 {
            return write!(f, "{whole}");
        }
        let digits = format!("{places:0width$}", width = Self::PLACES as usize);
        write!(f, "{whole}.{}", digits.trim_end_matches('0'))
    }
}

const fn gcd(mut a: u128, mut b: u128) -> u128 {
    // Divisions of 128 bits are slow, and after a step or two none is needed.
    while b > u64::MAX as u128 || (b != 0 && a > u64::MAX as u128) {
        (a, b) = (b, a % b);
    }
    if b == 0 {
        return if a == 0 { 1 } else { a };
    }
    let (mut a, mut b) = (a as u64, b as u64);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a as u128
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_without_noise() {
        for (n, d, text) in [
            (0, 5, "0"),
            (7, 1, "7"),
            (144, 10, "14.4"),
            (1, 1_000_000_000, "0.000000001"),
            (999_999_999_999_999, 1_000_000_000_000_000, "1"),
            (1, 3, "0.333333333333"),
        ] {
            assert_eq!(Decimal::new(n, d).to_string(), text);
        }
    }

    #[test]
    fn products_stay_exact() {
        let factor = Decimal::new(144, 10);
        let budget = Decimal::new(1, 1000);
        assert_eq!(factor.times(budget).to_string(), "0.0144");
        assert!(factor.times(budget).is_below(1));
        assert!(!factor.is_below(14) && factor.is_below(15));
    }

    #[test]
    fn differences_quotients_and_order() {
        let (third, half) = (Decimal::new(1, 3), Decimal::new(1, 2));
        assert_eq!(half.less(third), Decimal::new(1, 6));
        assert_eq!(third.less(half), Decimal::new(0, 1));
        assert_eq!(third.over(half), Some(Decimal::new(2, 3)));
        assert_eq!(third.over(Decimal::new(0, 7)), None);
        assert!(third.is_less_than(half) && !half.is_less_than(third));
        assert!(!half.is_less_than(half));
        assert!(!third.is_written_exactly() && half.is_written_exactly());
        assert_eq!(Decimal::new(43_199, 1000).floor(), 43);
    }

    #[test]
    fn what_does_not_fit_is_rounded() {
        // Nines as far as money, traffic and targets go, for a month.
        let money = Decimal::new(9_999_999_999_999_999_999_999, 1_000_000_000);
        let a_minute =
            Decimal::new(9_999_999_999_999_999_999_999, 1_000_000_000).times(Decimal::new(60, 1));
        let cost = money
            .times(a_minute)
            .times(Decimal::new(987_654_321, 1_000_000_000))
            .times(Decimal::new(43_200, 1));
        assert!((cost.to_f64() / (1e26 * 60.0 * 0.987_654_321 * 43_200.0) - 1.0).abs() < 1e-6);
        let largest = Decimal::new(u128::MAX, 1);
        assert_eq!(largest.times(largest), largest);
        assert!(!largest.is_below(u128::MAX) && Decimal::new(1, u128::MAX).is_below(1));
        assert_eq!(Decimal::new(1, u128::MAX).to_string(), "0");
        assert_eq!(
            Decimal::new(u128::MAX / 3, u128::MAX).to_string(),
            "0.333333333333"
        );
    }

    proptest::proptest! {
        /// Whatever the numbers are, all of it can be computed and written.
        #[test]
        fn nothing_overflows(a: u128, b in 1u128.., c: u128, d in 1u128.., n: u128) {
            let (x, y) = (Decimal::new(a, b), Decimal::new(c, d));
            let all = [Some(x.times(y)), x.over(y), Some(x.less(y)), Some(y.times(y).times(x))];
            for number in all.into_iter().flatten() {
                let _ = (number.to_string(), number.floor(), number.is_below(n), number.is_less_than(x));
                let _ = (number.less(y), number.times(x), number.is_written_exactly());
            }
            let (fx, fy) = (x.to_f64(), y.to_f64());
            if (fx / fy - 1.0).abs() > 1e-12 {
                proptest::prop_assert_eq!(x.is_less_than(y), fx < fy);
            }
            let product = fx * fy;
            if (1e-4..1e18).contains(&product) {
                proptest::prop_assert!((x.times(y).to_f64() / product - 1.0).abs() < 1e-12);
            }
        }

        /// Money, traffic, a share and a period: the largest that can be read.
        #[test]
        fn products_of_what_people_write(
            money in 1u128..10_000_000_000_000_000_000_000, traffic in 1u128..10_000_000_000_000_000_000_000,
            unit in 0usize..4, ppb in 1u128..1_000_000_000,
        ) {
            const NANO: u128 = 1_000_000_000;
            let (parts, minutes) = [(60, 1), (1, 60), (1, 10_080), (1, 525_600)][unit];
            let a_minute = Decimal::new(traffic, NANO).times(Decimal::new(parts, minutes));
            let month = a_minute
                .times(Decimal::new(money, NANO))
                .times(Decimal::new(ppb, NANO))
                .times(Decimal::new(43_200, 1));
            let most = traffic as f64 * money as f64 / 1e18 * parts as f64 / minutes as f64 * 43_200.0;
            let float = most * ppb as f64 / 1e9;
            // Beyond 2^60 the digits before the point need the bits of those behind it.
            let allowed = 0.011 + float * (1e-12 + most / 2f64.powi(120));
            proptest::prop_assert!((month.to_f64() - float).abs() <= allowed, "{month} {float}");
            let hundredths = month.times(Decimal::new(100, 1)).floor();
            proptest::prop_assert!((hundredths as f64 / 100.0 - float).abs() <= allowed);
        }

        /// The short way of writing gives what the long one does.
        #[test]
        fn places_are_rounded_alike(n in 0u64..1 << 50, d in 1u64..1 << 43) {
            let number = Decimal::new(n.into(), d.into());
            let (numerator, denominator) = number.parts();
            let long = (numerator % denominator * 2_000_000_000_000 + denominator) / (denominator * 2);
            proptest::prop_assert_eq!(number.places(), long);
        }

        #[test]
        fn arithmetic_agrees_with_floating_point(a in 0u32..1 << 30, b in 1u32..1 << 20, c in 0u32..1 << 30, d in 1u32..1 << 20) {
            let (x, y) = (Decimal::new(a.into(), b.into()), Decimal::new(c.into(), d.into()));
            let (fx, fy) = (f64::from(a) / f64::from(b), f64::from(c) / f64::from(d));
            let close = |exact: Decimal, float: f64| (exact.to_f64() - float).abs() <= 1e-6 * (1.0 + fx + fy);
            proptest::prop_assert!(close(x.less(y), (fx - fy).max(0.0)));
            if let Some(quotient) = x.over(y) {
                proptest::prop_assert!((quotient.to_f64() - fx / fy).abs() <= 1e-9 * (1.0 + fx / fy));
                proptest::prop_assert_eq!(quotient.times(y), x);
            }
            proptest::prop_assert_eq!(x.is_less_than(y), u64::from(a) * u64::from(d) < u64::from(c) * u64::from(b));
        }

        #[test]
        fn agrees_with_floating_point(n in 0u64..1_000_000_000, d in 1u64..1_000_000) {
            let exact: f64 = Decimal::new(n.into(), d.into()).to_string().parse().unwrap();
            let float = n as f64 / d as f64;
            proptest::prop_assert!((exact - float).abs() <= 1e-12 + float * 1e-15);
        }
    }
}
