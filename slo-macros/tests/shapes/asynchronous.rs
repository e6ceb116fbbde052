//! `async fn`.

use crate::{SHOP, counts, pause, run};
use slo_sdk::slo;
use std::{collections::BTreeMap, fmt::Display, num::ParseIntError};

#[slo(journey = SHOP)]
async fn no_output() {
    pause().await;
}

#[slo(journey = SHOP)]
async fn early_return_and_question_mark(text: &str) -> Result<u32, ParseIntError> {
    pause().await;
    if text.is_empty() {
        return Ok(0);
    }
    let number = text.parse()?;
    Ok(number)
}

/// Neither `collect` nor `into` says what it makes.
#[slo(journey = SHOP)]
async fn inferred_from_the_signature(
    fail: bool,
) -> Result<BTreeMap<u8, u8>, Box<dyn std::error::Error>> {
    if fail {
        return Err("failed".into());
    }
    Ok(std::iter::once((1, 2)).collect())
}

#[slo(journey = SHOP)]
async fn opaque_inside(fail: bool) -> Result<impl Display, ParseIntError> {
    if fail {
        let number: u8 = "x".parse()?;
        return Ok(number);
    }
    Ok(1)
}

#[slo(journey = SHOP)]
async fn opaque() -> impl Display {
    pause().await;
    "opaque"
}

struct Extractor<T>(T);

#[slo(journey = SHOP)]
async fn patterns(
    Extractor(id): Extractor<u32>,
    Extractor((a, mut b)): Extractor<(u8, u8)>,
    [first, ..]: [u8; 3],
    _: String,
    _unused: String,
) -> String {
    b += 1;
    format!("{id}{a}{b}{first}")
}

#[slo(journey = SHOP)]
async fn generic<T, const N: usize>(values: [T; N]) -> Option<T>
where
    T: Display + Clone,
{
    pause().await;
    values.last().cloned()
}

#[slo(journey = SHOP)]
async fn borrowed<'a>(text: &'a str, count: &mut usize, other: &str) -> &'a str {
    *count += other.len();
    pause().await;
    text
}

#[slo(journey = SHOP)]
async fn elided(text: &str) -> &str {
    text
}

#[slo(journey = SHOP)]
#[expect(clippy::panic, reason = "what is counted")]
async fn panics() {
    pause().await;
    panic!("boom");
}

#[slo(journey = SHOP)]
#[expect(clippy::panic, reason = "what is counted")]
async fn never() -> ! {
    pause().await;
    panic!("boom");
}

#[slo(journey = SHOP)]
async fn inner_attribute() -> u8 {
    #![expect(
        clippy::no_effect_underscore_binding,
        reason = "an attribute of the body"
    )]
    let _one = 1;
    2
}

#[slo(journey = SHOP)]
#[expect(
    clippy::async_yields_async,
    reason = "what is measured is the outer one"
)]
async fn future_of_a_future() -> std::future::Ready<u8> {
    std::future::ready(1)
}

#[slo(journey = SHOP)]
async fn r#yield() {}

#[slo(journey = SHOP)]
async fn names_of_the_macro_are_free(future: u8, value: u8) -> u8 {
    let declaration = future + value;
    declaration
}

#[tokio::test]
async fn values_pass_and_are_judged() {
    no_output().await;
    assert_eq!(counts("no-output"), [1, 0, 0]);

    assert_eq!(early_return_and_question_mark("").await, Ok(0));
    assert_eq!(early_return_and_question_mark("7").await, Ok(7));
    assert!(early_return_and_question_mark("x").await.is_err());
    assert_eq!(counts("early-return-and-question-mark"), [2, 1, 0]);

    assert!(inferred_from_the_signature(false).await.is_ok());
    assert!(inferred_from_the_signature(true).await.is_err());
    assert_eq!(counts("inferred-from-the-signature"), [1, 1, 0]);

    assert!(opaque_inside(false).await.is_ok());
    assert!(opaque_inside(true).await.is_err());
    assert_eq!(counts("opaque-inside"), [1, 1, 0]);

    assert_eq!(opaque().await.to_string(), "opaque");
    assert_eq!(counts("opaque"), [1, 0, 0]);
}

#[tokio::test]
async fn arguments_of_all_kinds() {
    let text = patterns(
        Extractor(1),
        Extractor((2, 3)),
        [5; 3],
        String::new(),
        String::new(),
    );
    assert_eq!(text.await, "1245");
    assert_eq!(counts("patterns"), [1, 0, 0]);

    assert_eq!(generic(["a", "b"]).await, Some("b"));
    assert_eq!(generic::<u8, 0>([]).await, None);
    assert_eq!(counts("generic"), [2, 0, 0]);

    let mut count = 1;
    assert_eq!(borrowed("text", &mut count, "four").await, "text");
    assert_eq!(count, 5);
    assert_eq!(elided("text").await, "text");
    assert_eq!(counts("borrowed"), [1, 0, 0]);

    assert_eq!(inner_attribute().await, 2);
    assert_eq!(future_of_a_future().await.await, 1);
    r#yield().await;
    assert_eq!(counts("yield"), [1, 0, 0]);
    assert_eq!(names_of_the_macro_are_free(1, 2).await, 3);
}

#[test]
fn panics_are_counted() {
    assert!(std::panic::catch_unwind(|| run(panics())).is_err());
    assert_eq!(counts("panics"), [0, 0, 1]);
    assert!(std::panic::catch_unwind(|| run(never())).is_err());
    assert_eq!(counts("never"), [0, 0, 1]);
}

#[test]
fn futures_stay_send_and_lazy() {
    fn is_send<T: Send>(_: &T) {}
    let future = generic::<u8, 1>([1]);
    is_send(&future);
    drop(future);
    let unstarted = laziness();
    assert_eq!(counts("laziness"), [0, 0, 0]);
    run(unstarted);
    assert_eq!(counts("laziness"), [1, 0, 0]);
}

#[slo(journey = SHOP)]
async fn laziness() {}
