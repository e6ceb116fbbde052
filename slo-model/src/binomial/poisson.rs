//! Counts of rare events that come at random: the limit of the binomial distribution.

/// Weights below this share of the largest are left out at both ends.
const LEAST: f64 = 1e-16;

/// The distribution of Poisson, from 0 up, as far as it has any weight.
#[derive(Clone, Debug)]
pub(crate) struct Poisson {
    /// The count that the first probability is for.
    first: u64,
    probabilities: Vec<f64>,
    /// The probability of each count or fewer.
    heads: Vec<f64>,
}

impl Poisson {
    /// Of counts that are `mean` on average.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "means are counts of events, far below 2^53"
    )]
    pub(crate) fn new(mean: f64) -> Poisson {
        let mode = mean as u64;
        let mut weights = Vec::new();
        let (mut k, mut weight) = (mode, 1.0);
        while k > 0 && weight > LEAST {
            weight *= k as f64 / mean;
            k -= 1;
            weights.push(weight);
        }
        let first = k;
        weights.reverse();
        weights.push(1.0);
        (k, weight) = (mode, 1.0);
        while weight > LEAST {
            k += 1;
            weight *= mean / k as f64;
            weights.push(weight);
        }
        let total: f64 = weights.iter().sum();
        Poisson::from_probabilities(first, weights.into_iter().map(|w| w / total).collect())
    }

    /// Of counts that are always the same.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "means are counts of events, far below 2^53"
    )]
    pub(crate) fn always(mean: f64) -> Poisson {
        Poisson::from_probabilities(mean.round() as u64, vec![1.0])
    }

    fn from_probabilities(first: u64, probabilities: Vec<f64>) -> Poisson {
        let mut head = 0.0;
        let heads = probabilities.iter().map(|p| {
            head += p;
            head
        });
        Poisson {
            first,
            heads: heads.collect(),
            probabilities,
        }
    }

    /// Where the probability is largest, or the only count there is.
    pub(crate) fn mode(&self) -> u64 {
        let rising = self.probabilities.windows(2).take_while(|p| p[0] <= p[1]);
        self.first + rising.count() as u64
    }

    /// Each count with its probability.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u64, f64)> {
        (self.first..).zip(self.probabilities.iter().copied())
    }

    /// The probability of `k` and fewer.
    pub(crate) fn head(&self, k: u64) -> f64 {
        match k.checked_sub(self.first) {
            None => 0.0,
            Some(place) => {
                let place = usize::try_from(place).unwrap_or(usize::MAX);
                let last = self.heads.len() - 1;
                self.heads[place.min(last)]
            }
        }
    }

    /// True where every count that has any weight is at most `k`.
    pub(crate) fn is_within(&self, k: u64) -> bool {
        k.checked_sub(self.first)
            .is_some_and(|place| place + 1 >= self.heads.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_are_those_of_the_formula() {
        for mean in [0.01f64, 0.7, 3.0, 25.5] {
            let counts = Poisson::new(mean);
            let mut term = (-mean).exp();
            let mut head = 0.0;
            for k in 0..60u32 {
                head += term;
                assert!((counts.head(k.into()) - head).abs() < 1e-12, "{mean} {k}");
                term *= mean / f64::from(k + 1);
            }
        }
    }

    #[test]
    fn large_means_keep_mean_and_variance() {
        let mean = 250_000.0;
        let counts = Poisson::new(mean);
        let moment = |f: fn(f64) -> f64| -> f64 {
            counts.all().map(|(k, p)| f(k as f64 - 250_000.0) * p).sum()
        };
        assert!(moment(|x| x).abs() < 1e-6);
        assert!((moment(|x| x * x) / mean - 1.0).abs() < 1e-9);
        assert!((Poisson::always(mean).head(250_000) - 1.0).abs() < 1e-12);
        assert!(Poisson::always(mean).head(249_999) < 1e-12);
    }
}
