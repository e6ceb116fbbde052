//! Work on several files at once, their order kept.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
};

/// More threads than this write no faster: the disk is the limit then.
const MOST_THREADS: usize = 4;

/// So many items for each thread are worked on before the first of them is given out: they are
/// what is in memory at a time.
const EACH: usize = 4;

/// What a function makes of these items, in their order, as an iterator that works ahead a few
/// of them on several threads.
pub(crate) fn map<'a, T: Sync, R: Send + 'a>(
    items: &'a [T],
    function: impl Fn(&'a T) -> R + Sync + 'a,
) -> impl Iterator<Item = R> + 'a {
    let threads = thread::available_parallelism()
        .map_or(1, usize::from)
        .min(MOST_THREADS);
    let mut batches = items.chunks(threads * EACH);
    let mut ready = VecDeque::new();
    std::iter::from_fn(move || {
        if ready.is_empty() {
            ready.extend(batch(batches.next()?, &function, threads));
        }
        ready.pop_front()
    })
}

fn batch<'a, T: Sync, R: Send>(
    items: &'a [T],
    function: &(impl Fn(&'a T) -> R + Sync),
    threads: usize,
) -> Vec<R> {
    if threads == 1 || items.len() == 1 {
        return items.iter().map(function).collect();
    }
    let next = AtomicUsize::new(0);
    let results: Vec<_> = items.iter().map(|_| Mutex::new(None)).collect();
    thread::scope(|scope| {
        for _ in 0..threads.min(items.len()) {
            scope.spawn(|| {
                while let Some((n, item)) = taken(items, &next) {
                    let result = function(item);
                    *results[n].lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
                }
            });
        }
    });
    let results = results.into_iter();
    // A thread that panicked has made the scope panic, so every result is there.
    results
        .filter_map(|result| result.into_inner().unwrap_or_else(PoisonError::into_inner))
        .collect()
}

fn taken<'a, T>(items: &'a [T], next: &AtomicUsize) -> Option<(usize, &'a T)> {
    let n = next.fetch_add(1, Relaxed);
    Some((n, items.get(n)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_the_items() {
        for length in [0, 1, 2, 17, 100] {
            let items: Vec<_> = (0..length).collect();
            let doubled: Vec<_> = map(&items, |n| 2 * n).collect();
            assert_eq!(doubled, items.iter().map(|n| 2 * n).collect::<Vec<_>>());
            for threads in [1, 2, 8] {
                assert_eq!(batch(&items, &|n| 2 * n, threads), doubled);
            }
        }
    }

    #[test]
    fn little_is_made_ahead() {
        let items: Vec<_> = (0..1000).collect();
        let made = AtomicUsize::new(0);
        let mut all = map(&items, |_| made.fetch_add(1, Relaxed));
        assert!(all.next().is_some());
        assert!(made.load(Relaxed) <= MOST_THREADS * EACH);
    }
}
