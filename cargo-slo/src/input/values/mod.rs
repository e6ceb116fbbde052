//! Values as people write them into `slo.toml` and the catalogue, each refused with an example
//! of what is meant.
//!
//! - [`Traffic`]: `526/month`. [`Money`]: `12.50 EUR`. [`Share`]: `50%`. [`Date`]: 2026-05-31.
//! - [`Wish`]: `3 errors in 1h`. [`Pages`]: `1/month`. [`Route`]: `GET /healthz`.
//! - [`UnspentShare`]: `90%`, in a [`WindowCount`] of 1 to 12.
//! - [`Promise`]: a target, `99.9%`, or one with a threshold, `99% < 500ms`.
//! - [`Latencies`]: a promise of latency by the name of each SLI.
//! - [`Localized`]: a text, or `{ en = "…", ja = "…" }`.
//! - A [`Moment`] is `2026-05-31T09:00:00+09:00`.
//! - `duration` reads `500ms` and `1h`, `number` the exact numbers in all of them.

mod date;
mod duration;
mod latencies;
mod localized;
mod moment;
mod money;
mod number;
mod pages;
mod promise;
mod route;
mod share;
mod traffic;
mod unspent;
mod wish;

pub use date::Date;
pub use duration::{Length, Minutes};
pub use latencies::{Latencies, LatencyPromise};
pub use localized::Localized;
pub use moment::Moment;
pub use money::{Loss, Money};
pub use pages::Pages;
pub use promise::Promise;
pub use route::Route;
pub use share::Share;
pub use traffic::Traffic;
pub use unspent::{UnspentShare, WindowCount};
pub use wish::Wish;
