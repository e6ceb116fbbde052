//! How a status looks in a terminal. Colours are those of the terminal, on dark and light grounds, and
//! say nothing that words do not.

use crate::status::report::{State, Status};
use anstyle::{AnsiColor, Style};

/// What a text below is about.
pub(super) const HEADING: Style = Style::new().bold();

const SPENT: Style = AnsiColor::Red.on_default().bold();
const NOT_KNOWN: Style = AnsiColor::Magenta.on_default().bold();
const REACHED: Style = AnsiColor::Yellow.on_default().bold();

/// The style of what is left.
pub(super) fn of(status: &Status) -> Style {
    match status.state {
        State::Spent => SPENT,
        State::Unknown | State::NoData | State::NotMeasured => NOT_KNOWN,
        State::Ok | State::OverAchieved if status.policy.is_some() => REACHED,
        State::Ok | State::OverAchieved => Style::new(),
    }
}
