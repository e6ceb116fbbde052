//! How much one process takes on.

use crate::answer::Failure;
use std::{
    env,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The checkouts that one process takes on in a second, as `SHOP_CAPACITY` says; without it as many as
/// come. The rest is refused at once, whoever asks: a consumer who sends too much takes it from all others
/// of the same process.
#[derive(Debug)]
pub(crate) struct Capacity {
    limit: Option<u32>,
    taken: Mutex<(Instant, u32)>,
}

impl Capacity {
    /// What the environment says.
    ///
    /// # Errors
    /// If the variable is not a whole number.
    pub(crate) fn from_env() -> Result<Capacity, std::num::ParseIntError> {
        let limit = env::var("SHOP_CAPACITY").ok();
        Ok(Capacity {
            limit: limit.map(|limit| limit.parse()).transpose()?,
            taken: Mutex::new((Instant::now(), 0)),
        })
    }

    /// Takes one more on.
    ///
    /// # Errors
    /// If the process has taken on all it can in this second.
    pub(crate) fn take(&self) -> Result<(), Failure> {
        let Some(limit) = self.limit else {
            return Ok(());
        };
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.0.elapsed() >= Duration::from_secs(1) {
            *taken = (Instant::now(), 0);
        }
        if taken.1 >= limit {
            return Err(Failure::overloaded());
        }
        taken.1 += 1;
        Ok(())
    }
}
