//! A store that is busy for a moment is asked again, and one that takes no forms is asked by addresses.

use crate::{
    fixtures::Run,
    servers::{Answer, Server, decoded},
    status::sandbox,
    status_store::{AT, WINDOW, answer, windows},
};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// What a run of `status` says where a store answers its requests, counted from 0, as a function says,
/// and as it should where that says nothing; with the heads of the requests.
fn asked(answers: impl Fn(usize, &str) -> Option<Answer> + Send + 'static) -> (Run, Vec<String>) {
    let window = windows("1000", "0");
    let count = AtomicUsize::new(0);
    let store = Server::new(move |head| {
        let told = answers(count.fetch_add(1, Relaxed), head);
        told.unwrap_or_else(|| {
            let head = decoded(head);
            let series = if head.contains(WINDOW) {
                &window[..]
            } else {
                &[]
            };
            Answer::ok(answer(&head, series))
        })
    });
    let url = store.url();
    let run = sandbox().slo(&format!("status --prometheus {url} --at {AT} --bin orders"));
    (run, store.heads())
}

fn busy(status: &'static str) -> Answer {
    Answer::of(status, "").header("retry-after: 0")
}

#[test]
fn what_passes_by_itself_is_waited_for() {
    let (_, heads) = asked(|_, _| None);
    let usual = heads.len();
    for status in [
        "429 Too Many Requests",
        "502 Bad Gateway",
        "503 Service Unavailable",
        "504 Gateway Timeout",
    ] {
        let (run, heads) = asked(move |n, _| (n < 3).then(|| busy(status)));
        let run = run.ok();
        assert_eq!(heads.len(), usual + 3, "{status}");
        assert_eq!(heads[0], heads[3], "the same is asked again");
        let told = format!("it answers {status}; it was asked 4 times");
        assert!(run.err.contains(&told), "{}", run.err);
    }
}

#[test]
fn what_does_not_pass_is_asked_four_times_and_what_never_does_once() {
    for (status, times) in [
        ("503 Service Unavailable", 4),
        ("500 Internal Server Error", 1),
    ] {
        let (run, heads) = asked(move |_, _| Some(busy(status)));
        assert_eq!(heads.len(), times, "{status}");
        assert_eq!((run.code, &*run.out), (2, ""), "{status}");
        assert!(run.err.contains(status), "{}", run.err);
    }
    // It says itself that it takes longer than anybody waits.
    let late = || Answer::of("503 Service Unavailable", "").header("retry-after: 31");
    let (run, heads) = asked(move |_, _| Some(late()));
    assert_eq!((heads.len(), run.code), (1, 2), "{}", run.err);
}

#[test]
fn a_store_that_takes_no_forms_is_asked_by_addresses() {
    let (_, heads) = asked(|_, _| None);
    let usual = heads.len();
    assert!(
        heads.iter().all(|head| head.starts_with("POST ")),
        "{heads:#?}"
    );
    for status in ["405 Method Not Allowed", "501 Not Implemented"] {
        let (run, heads) = asked(move |_, head| {
            head.starts_with("POST ")
                .then(|| Answer::of(status, "no forms"))
        });
        let run = run.ok();
        assert_eq!(heads.len(), usual + 1, "{status}: {heads:#?}");
        // It is told once, and remembered.
        assert!(heads[0].starts_with("POST "), "{heads:#?}");
        assert!(
            heads[1..].iter().all(|head| head.starts_with("GET ")),
            "{heads:#?}"
        );
        let told = format!("it answers {status} to POST, and is asked by GET");
        assert_eq!(run.err.matches(&told).count(), 1, "{}", run.err);
    }
    // Any other refusal is final.
    let (run, heads) = asked(|_, head| {
        head.starts_with("POST ")
            .then(|| Answer::of("403 Forbidden", "no"))
    });
    assert_eq!((heads.len(), run.code), (1, 2), "{}", run.err);
}
