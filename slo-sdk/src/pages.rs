//! The counters of one thread, a page for each few endpoints that are neighbours in the registry.
//!
//! All but the first page are made when the thread serves the first of their endpoints, so what a
//! thread does not serve costs it next to nothing. Once made, a page stays: nothing that was counted
//! is moved, and whoever sees a count finds its page.

use crate::{rows::Row, slot::Slot, sync::OnceLock};

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

    /// The page of the endpoint at this place; a new one if there is none yet. `None` where there
    /// is no room for such a place.
    #[inline]
    pub(crate) fn page(&self, place: usize) -> Option<&Page> {
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

    /// The same, but only if it was made.
    pub(crate) fn made(&self, place: usize) -> Option<&Page> {
        if place < PAGE {
            return Some(&self.first);
        }
        Some(self.others.get(place / PAGE - 1)?.get()?)
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
pub(crate) struct Page {
    slots: [Slot; PAGE],
    /// Only where durations are measured.
    rows: OnceLock<Box<[OnceLock<Row>; PAGE]>>,
}

impl Page {
    fn new() -> Page {
        Page {
            slots: std::array::from_fn(|_| Slot::new()),
            rows: OnceLock::new(),
        }
    }

    /// The slot of an endpoint of this page.
    #[inline]
    pub(crate) fn slot(&self, place: usize) -> &Slot {
        &self.slots[place % PAGE]
    }

    /// The row of an endpoint of this page; one of so many buckets if there is none yet.
    pub(crate) fn row(&self, place: usize, buckets: usize) -> &Row {
        let no_rows = || Box::new(std::array::from_fn(|_| OnceLock::new()));
        self.rows.get_or_init(no_rows)[place % PAGE].get_or_init(|| Row::new(buckets))
    }

    /// The same, but only if it was made.
    #[inline]
    pub(crate) fn made_row(&self, place: usize) -> Option<&Row> {
        self.rows.get()?[place % PAGE].get()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn only_the_pages_that_were_served_are_made() {
        let pages = Pages::new(2 * PAGE + 1);
        let made = || (0..4).map(|page| pages.made(page * PAGE).is_some());
        assert!(made().eq([true, false, false, false]));
        let page = pages.page(PAGE + 3).unwrap();
        assert!(std::ptr::eq(page, pages.page(PAGE).unwrap()));
        assert!(made().eq([true, true, false, false]));
        assert!(pages.page(3 * PAGE - 1).is_some() && pages.page(3 * PAGE).is_none());
        assert!(pages.page(usize::MAX).is_none());

        page.slot(PAGE + 3).start();
        let started = [2, 3, 4].map(|at| page.slot(PAGE + at).started());
        assert_eq!(started, [0, 1, 0]);
        assert!(page.made_row(PAGE + 3).is_none());
        page.row(PAGE + 3, 2).measured(1, 7);
        assert!(page.made_row(PAGE + 2).is_none());
        let mut buckets = [0; 2];
        assert_eq!(page.made_row(PAGE + 3).unwrap().add_to(&mut buckets), 7);
        assert_eq!(buckets, [0, 1]);
    }
}
