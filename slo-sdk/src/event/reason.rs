//! Why a handler marked its event: a text of the program's, as a number that an event has room for.

use std::{num::NonZeroU8, sync::OnceLock};

/// Why a handler marked its event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reason(Option<NonZeroU8>);

/// The texts by number. A program has a few; those beyond are not told.
static TEXTS: [OnceLock<&'static str>; u8::MAX as usize] =
    [const { OnceLock::new() }; u8::MAX as usize];

impl Reason {
    pub(crate) const NONE: Reason = Reason(None);

    pub(crate) fn new(text: Option<&'static str>) -> Reason {
        Reason(text.and_then(number))
    }

    pub(crate) fn from_number(number: u8) -> Reason {
        Reason(NonZeroU8::new(number))
    }

    /// 0 for none.
    pub(crate) fn number(self) -> u8 {
        self.0.map_or(0, NonZeroU8::get)
    }

    /// This one, if there was none before.
    pub(crate) fn or(self, other: Reason) -> Reason {
        Reason(self.0.or(other.0))
    }

    pub(crate) fn text(self) -> Option<&'static str> {
        TEXTS[usize::from(self.0?.get()) - 1].get().copied()
    }
}

/// The number of a text, which is the same for the same text; `None` if there are too many.
fn number(text: &'static str) -> Option<NonZeroU8> {
    let place = TEXTS
        .iter()
        .position(|known| *known.get_or_init(|| text) == text)?;
    NonZeroU8::new(u8::try_from(place + 1).ok()?)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number_and_those_beyond_the_limit_have_none() {
        let stale = Reason::new(Some("stale"));
        assert_eq!(stale, Reason::new(Some("stale")));
        assert_eq!(stale, Reason::from_number(stale.number()));
        assert_eq!(stale.text(), Some("stale"));
        assert_eq!(Reason::new(None), Reason::NONE);
        assert_eq!(Reason::NONE.text(), None);
        let texts = (0..300).map(|n| &*Box::leak(format!("reason {n}").into_boxed_str()));
        let reasons: Vec<_> = texts.map(|text| (text, Reason::new(Some(text)))).collect();
        let told = reasons.iter().filter(|(_, reason)| *reason != Reason::NONE);
        for (text, reason) in told.clone() {
            assert_eq!(reason.text(), Some(*text));
        }
        assert!((200..=255).contains(&told.count()));
        assert_eq!(stale.text(), Some("stale"));
    }
}
