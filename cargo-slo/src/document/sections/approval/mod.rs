//! A page per journey for who approves: what is promised, what that means, and what is asked.
//!
//! - `sheet` puts a page together, and all of them into the first part of the document.
//! - `targets` says what is promised, in events, time and money.
//! - `budget` shows the error budget as a calendar, and the targets one step up and one down.
//! - `outage` is what happens when, in a complete outage.
//! - `asked` is what somebody has to decide, and where to answer; `answer` is that, prefilled.

mod answer;
mod asked;
mod budget;
mod outage;
mod sheet;
mod targets;

pub(super) use sheet::part;
