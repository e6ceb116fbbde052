//! Functions that return a future.

use crate::{SHOP, counts, pause, run};
use slo_sdk::slo;
use std::{future::Future, pin::Pin};

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
type LocalBoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

#[slo(journey = SHOP)]
fn opaque_future(fail: bool) -> impl Future<Output = Result<u8, String>> + Send {
    let answer = if fail {
        Err("failed".to_owned())
    } else {
        Ok(1)
    };
    async move {
        pause().await;
        answer
    }
}

#[slo(journey = SHOP)]
fn opaque_borrowed<'a>(text: &'a str, _unused: &str) -> impl Future<Output = &'a str> + use<'a> {
    async move { text }
}

#[slo(journey = SHOP)]
fn opaque_early(early: bool) -> impl Future<Output = u8> {
    if early {
        return std::future::ready(1);
    }
    std::future::ready(2)
}

#[slo(journey = SHOP)]
fn boxed() -> Pin<Box<dyn Future<Output = u8> + Send>> {
    let one = 1;
    Box::pin(async move {
        pause().await;
        one
    })
}

#[slo(journey = SHOP)]
fn boxed_early(early: bool) -> Pin<Box<dyn Future<Output = u8> + Send>> {
    if early {
        return Box::pin(std::future::ready(1));
    }
    Box::pin(async { 2 })
}

#[slo(journey = SHOP)]
fn boxed_branches(first: bool) -> Pin<Box<dyn Future<Output = u8>>> {
    if first {
        Box::pin(std::future::ready(1))
    } else {
        Box::pin(async { 2 })
    }
}

#[slo(journey = SHOP)]
fn boxed_opaque() -> Pin<Box<impl Future<Output = u8>>> {
    let future = Box::pin(async { 1 });
    future
}

#[slo(journey = SHOP)]
fn alias<'a>(text: &'a mut String) -> BoxFuture<'a, Result<&'a str, ()>> {
    Box::pin(append(text))
}

async fn append(text: &mut String) -> Result<&str, ()> {
    pause().await;
    text.push('!');
    if text.len() > 2 { Err(()) } else { Ok(text) }
}

#[slo(journey = SHOP)]
fn local_alias(text: &str) -> LocalBoxFuture<'_, usize> {
    let future = boxed_length(text);
    future
}

fn boxed_length(text: &str) -> LocalBoxFuture<'_, usize> {
    Box::pin(async move { text.len() })
}

#[test]
fn futures_are_measured_when_polled() {
    let unstarted = opaque_future(false);
    assert_eq!(counts("opaque-future"), [0, 0, 0]);
    assert_eq!(run(unstarted), Ok(1));
    assert!(run(opaque_future(true)).is_err());
    assert_eq!(counts("opaque-future"), [1, 1, 0]);

    assert_eq!(run(opaque_borrowed("a", "b")), "a");
    assert_eq!(counts("opaque-borrowed"), [1, 0, 0]);

    assert_eq!((run(opaque_early(true)), run(opaque_early(false))), (1, 2));
    assert_eq!(counts("opaque-early"), [2, 0, 0]);
}

#[test]
fn boxed_futures_are_measured() {
    drop(boxed());
    assert_eq!(counts("boxed"), [0, 0, 0]);
    assert_eq!(run(boxed()), 1);
    assert_eq!(counts("boxed"), [1, 0, 0]);

    assert_eq!((run(boxed_early(true)), run(boxed_early(false))), (1, 2));
    assert_eq!(counts("boxed-early"), [2, 0, 0]);

    assert_eq!(
        (run(boxed_branches(true)), run(boxed_branches(false))),
        (1, 2)
    );
    assert_eq!(counts("boxed-branches"), [2, 0, 0]);

    assert_eq!(run(boxed_opaque()), 1);
    assert_eq!(counts("boxed-opaque"), [1, 0, 0]);

    let mut text = "a".to_owned();
    assert_eq!(run(alias(&mut text)), Ok("a!"));
    assert_eq!(run(alias(&mut text)), Err(()));
    assert_eq!(counts("alias"), [1, 1, 0]);

    assert_eq!(run(local_alias("abc")), 3);
    assert_eq!(counts("local-alias"), [1, 0, 0]);
}
