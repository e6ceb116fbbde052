//! The counters of one thread, a page for each few endpoints that are neighbours in the registry.
//!
//! All but the first page are made when the thread serves the first of their endpoints, so what a
//! thread does not serve costs it next to nothing. Once made, a page stays: nothing that was counted
//! is moved, and whoever sees a count finds its page.

use crate::{count::slot::Slot, sync::OnceLock};

/// Endpoints of a page.
pub(crate) const PAGE: usize = if cfg!(loom) { 2 } else { 64 };

/// The pages of one thread.
#[derive(Debug)]
pub(crate) struct Pages {
    /// Most services have no more, and find their slots without asking whether they are made.
    first: Page,
    others: Box<[OnceLock<Box<Page>>]>,
}

impl Pages {
    /// Room for so many endpoints, or a few more.
    pub(crate) fn new(endpoints: usize) -> Pages {
        let pages = endpoints.div_ceil(PAGE);
        Pages {
            first: Page::new(),
            others: (1..pages).map(|_| OnceLock::new()).collect(),
        }
    }

    /// The slot of the endpoint at this place; on a new page if there is none yet. `None` if
    /// there is no room for such a place.
    #[inline]
    pub(crate) fn slot(&self, place: usize) -> Option<&Slot> {
        Some(self.page(place)?.slot(place))
    }

    #[inline]
    fn page(&self, place: usize) -> Option<&Page> {
        if place < PAGE {
            return Some(&self.first);
        }
        let page = self.others.get(place / PAGE - 1)?;
        // Not `get_or_init`, which saves registers for the making in every call.
        match page.get() {
            Some(page) => Some(page),
            None => Some(make(page)),
        }
    }

    /// The same, but only if its page was made.
    pub(crate) fn made_slot(&self, place: usize) -> Option<&Slot> {
        if place < PAGE {
            return Some(self.first.slot(place));
        }
        Some(self.others.get(place / PAGE - 1)?.get()?.slot(place))
    }
}

#[cold]
#[inline(never)]
fn make(page: &OnceLock<Box<Page>>) -> &Page {
    page.get_or_init(|| Box::new(Page::new()))
}

/// What one thread has counted and measured of a few endpoints.
///
/// Aligned so that what a processor fetches at once is shared with no other thread.
#[derive(Debug)]
#[cfg_attr(not(loom), repr(align(128)))]
struct Page([Slot; PAGE]);

impl Page {
    fn new() -> Page {
        Page(std::array::from_fn(|_| Slot::new()))
    }

    /// The slot of an endpoint of this page.
    #[inline]
    fn slot(&self, place: usize) -> &Slot {
        &self.0[place % PAGE]
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn only_the_pages_that_were_served_are_made() {
        let pages = Pages::new(2 * PAGE + 1);
        let made = || (0..4).map(|page| pages.made_slot(page * PAGE).is_some());
        assert!(made().eq([true, false, false, false]));
        let slot = pages.slot(PAGE + 3).unwrap();
        assert!(made().eq([true, true, false, false]));
        assert!(std::ptr::eq(slot, pages.slot(PAGE + 3).unwrap()));
        assert!(pages.slot(3 * PAGE - 1).is_some() && pages.slot(3 * PAGE).is_none());
        assert!(pages.slot(usize::MAX).is_none());

        slot.start();
        let started = [2, 3, 4].map(|at| pages.slot(PAGE + at).unwrap().started());
        assert_eq!(started, [0, 1, 0]);
        slot.row(2).measured(1, 7);
        let rows = [2, 3, 4].map(|at| pages.slot(PAGE + at).unwrap().made_row());
        assert!(rows[0].is_none() && rows[2].is_none());
        let mut buckets = [0; 2];
        assert_eq!(rows[1].unwrap().add_to(&mut buckets), 7);
        assert_eq!(buckets, [0, 1]);
    }
}
