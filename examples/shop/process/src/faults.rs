//! Faults on purpose.

use crate::{Dice, RequestId};
use std::{env, fmt, path::PathBuf, time::Duration};

/// How often a service fails and is slow, as the environment says:
///
/// | variable | is |
/// | --- | --- |
/// | `SHOP_ERROR_RATE` | the share of requests that fail, 0 to 1 |
/// | `SHOP_PANIC_RATE` | the share of requests whose handler panics |
/// | `SHOP_HANG_RATE` | the share of requests that never get an answer |
/// | `SHOP_STALE_RATE` | the share of answers that are out of date |
/// | `SHOP_SLOW_RATE` | the share of requests that are held up |
/// | `SHOP_SLOW_MS` | for how long, 400 ms by default |
/// | `SHOP_SEED` | what all of it follows from, 0 by default |
/// | `SHOP_SWITCH` | a file: all of it happens only while there is one |
///
/// Without any of them nothing fails. What happens to a request follows from the seed, the
/// service and the [`RequestId`] alone, never from the order of requests: whoever knows the
/// seed, and is alone at the switch, knows beforehand what each service will do.
#[derive(Clone, Debug, PartialEq)]
pub struct Faults {
    /// What everything follows from.
    pub seed: u64,
    /// The share of requests that fail.
    pub errors: f64,
    /// The share of requests whose handler panics.
    pub panics: f64,
    /// The share of requests that never get an answer.
    pub hangs: f64,
    /// The share of answers that are out of date.
    pub stale: f64,
    /// The share of requests that are held up.
    pub slow: f64,
    /// For how long.
    pub delay: Duration,
    /// Nothing happens while this file is missing; `None` if there is no switch.
    pub switch: Option<PathBuf>,
}

/// What is to happen to one request in one service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// How long it is held up before anything else.
    pub delay: Option<Duration>,
    /// What happens then.
    pub fault: Option<Fault>,
    /// True where an answer is to be out of date; for services that have such.
    pub stale: bool,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The handler gives an error.
    Error,
    /// The handler panics.
    Panic,
    /// The handler never answers: the client has to give up.
    Hang,
}

impl Default for Faults {
    fn default() -> Faults {
        let delay = Duration::from_millis(400);
        Faults {
            seed: 0,
            errors: 0.0,
            panics: 0.0,
            hangs: 0.0,
            stale: 0.0,
            slow: 0.0,
            delay,
            switch: None,
        }
    }
}

impl Faults {
    /// What the environment says.
    ///
    /// # Errors
    /// If a variable is not a number, or a rate not within 0 and 1.
    pub fn from_env() -> Result<Faults, SettingError> {
        let default = Faults::default();
        let delay = number("SHOP_SLOW_MS", |text| text.parse().ok())?;
        Ok(Faults {
            seed: number("SHOP_SEED", |text| text.parse().ok())?.unwrap_or(default.seed),
            errors: rate("SHOP_ERROR_RATE")?,
            panics: rate("SHOP_PANIC_RATE")?,
            hangs: rate("SHOP_HANG_RATE")?,
            stale: rate("SHOP_STALE_RATE")?,
            slow: rate("SHOP_SLOW_RATE")?,
            delay: delay.map_or(default.delay, Duration::from_millis),
            switch: env::var_os("SHOP_SWITCH").map(PathBuf::from),
        })
    }

    /// The environment that says the same, but for the switch.
    pub fn to_env(&self) -> [(&'static str, String); 7] {
        [
            ("SHOP_SEED", self.seed.to_string()),
            ("SHOP_ERROR_RATE", self.errors.to_string()),
            ("SHOP_PANIC_RATE", self.panics.to_string()),
            ("SHOP_HANG_RATE", self.hangs.to_string()),
            ("SHOP_STALE_RATE", self.stale.to_string()),
            ("SHOP_SLOW_RATE", self.slow.to_string()),
            ("SHOP_SLOW_MS", self.delay.as_millis().to_string()),
        ]
    }

    /// What is to happen to a request in a service.
    pub fn decide(&self, service: &str, request: RequestId) -> Decision {
        if self.switch.as_ref().is_some_and(|file| !file.exists()) {
            return Decision::default();
        }
        let mut dice = Dice::new(self.seed).and_text(service).and(request.number());
        let delay = dice.chance(self.slow).then_some(self.delay);
        let faults = [
            (Fault::Hang, dice.chance(self.hangs)),
            (Fault::Panic, dice.chance(self.panics)),
            (Fault::Error, dice.chance(self.errors)),
        ];
        let fault = faults
            .into_iter()
            .find_map(|(fault, happens)| happens.then_some(fault));
        Decision {
            delay,
            fault,
            stale: dice.chance(self.stale),
        }
    }
}

impl Decision {
    /// The same, but for clients that would wait forever.
    #[must_use]
    pub fn answered(self) -> Decision {
        let fault = self.fault.filter(|fault| *fault != Fault::Hang);
        Decision { fault, ..self }
    }

    /// Lets it happen, at the start of a handler.
    ///
    /// # Errors
    /// If the handler is to give an error.
    ///
    /// # Panics
    /// If it is to panic.
    pub async fn strike(self) -> Result<(), OnPurpose> {
        if let Some(delay) = self.delay {
            tokio::time::sleep(delay).await;
        }
        match self.fault {
            None => Ok(()),
            Some(Fault::Error) => Err(OnPurpose(())),
            Some(Fault::Panic) => panic!("on purpose, see SHOP_PANIC_RATE"),
            Some(Fault::Hang) => std::future::pending().await,
        }
    }
}

/// The error of a handler that was to give one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnPurpose(());

impl fmt::Display for OnPurpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("on purpose, see SHOP_ERROR_RATE")
    }
}

impl std::error::Error for OnPurpose {}

/// A variable that can't be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingError {
    variable: &'static str,
    value: String,
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.variable.ends_with("_RATE") {
            "a share from 0 to 1"
        } else {
            "a whole number"
        };
        write!(
            f,
            "{} is `{}`; it should be {kind}",
            self.variable, self.value
        )
    }
}

impl std::error::Error for SettingError {}

fn rate(variable: &'static str) -> Result<f64, SettingError> {
    let parse = |text: &str| text.parse().ok().filter(|rate| (0.0..=1.0).contains(rate));
    Ok(number(variable, parse)?.unwrap_or(0.0))
}

fn number<T>(
    variable: &'static str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, SettingError> {
    match env::var(variable) {
        Err(_) => Ok(None),
        Ok(value) => match parse(&value) {
            Some(number) => Ok(Some(number)),
            None => Err(SettingError { variable, value }),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_depends_on_seed_service_and_request_only() {
        let faults = Faults {
            seed: 7,
            errors: 0.5,
            slow: 0.5,
            ..Faults::default()
        };
        let decide = |service: &str| -> Vec<_> {
            (0..64)
                .map(|id| faults.decide(service, RequestId::new(id)))
                .collect()
        };
        assert_eq!(decide("orders"), decide("orders"));
        assert_ne!(decide("orders"), decide("gateway"));
    }

    #[test]
    fn nothing_happens_unless_asked_for() {
        let decide = |faults: &Faults, id| faults.decide("a", RequestId::new(id));
        let none = Faults::default();
        assert!((0..1000).all(|id| decide(&none, id) == Decision::default()));
        let [off, on] = ["no-such-file", env!("CARGO_MANIFEST_DIR")].map(|file| Faults {
            errors: 1.0,
            switch: Some(file.into()),
            ..Faults::default()
        });
        assert_eq!(decide(&off, 1), Decision::default());
        assert_eq!(decide(&on, 1).fault, Some(Fault::Error));
    }
}
