//! Functions that do their work before they return.

use crate::{SHOP, counts};
use slo_sdk::slo;
use std::{fmt::Display, num::ParseIntError};

#[slo(journey = SHOP)]
fn job() {}

#[slo(journey = SHOP)]
fn question_mark(sum: &mut u32, text: &str) -> Result<u32, ParseIntError> {
    *sum += text.parse::<u32>()?;
    Ok(*sum)
}

#[slo(journey = SHOP)]
fn early(done: bool) -> Option<u8> {
    if done {
        return None;
    }
    Some(1)
}

#[slo(journey = SHOP)]
fn borrowed_mutably<'a>(list: &'a mut Vec<u8>, _unused: &str) -> &'a mut u8 {
    list.push(1);
    let last = list.len() - 1;
    &mut list[last]
}

#[slo(journey = SHOP)]
fn mutable_argument(mut count: u8, (a, _): (u8, u8)) -> u8 {
    count += a;
    count
}

#[slo(journey = SHOP)]
fn opaque_in_a_result<T: Display>(value: T) -> Result<impl Display, ParseIntError> {
    let value: u8 = value.to_string().parse()?;
    Ok(value)
}

#[slo(journey = SHOP)]
fn iterator(upto: u8) -> impl Iterator<Item = u8> {
    0..upto
}

#[slo(journey = SHOP)]
#[expect(clippy::panic, reason = "what is counted")]
fn synchronous_never() -> ! {
    panic!("boom")
}

#[slo(journey = SHOP)]
#[expect(clippy::panic, reason = "what is counted")]
fn synchronous_panic() {
    panic!("boom")
}

#[slo(journey = SHOP)]
#[must_use]
#[inline]
pub(crate) fn own_attributes() -> u8 {
    1
}

#[test]
fn values_pass_and_are_judged() {
    job();
    assert_eq!(counts("job"), [1, 0, 0]);

    let mut sum = 1;
    assert_eq!(question_mark(&mut sum, "2"), Ok(3));
    assert!(question_mark(&mut sum, "x").is_err());
    assert_eq!(counts("question-mark"), [1, 1, 0]);

    assert_eq!((early(true), early(false)), (None, Some(1)));
    assert_eq!(counts("early"), [2, 0, 0]);

    let mut list = vec![];
    *borrowed_mutably(&mut list, "") += 1;
    assert_eq!(list, [2]);
    assert_eq!(mutable_argument(1, (2, 3)), 3);
    assert_eq!(counts("mutable-argument"), [1, 0, 0]);

    assert!(opaque_in_a_result("1").is_ok());
    assert!(opaque_in_a_result("x").is_err());
    assert_eq!(iterator(3).count(), 3);
    assert_eq!(counts("iterator"), [1, 0, 0]);
    assert_eq!(own_attributes(), 1);
}

#[test]
fn panics_are_counted() {
    assert!(std::panic::catch_unwind(|| synchronous_never()).is_err());
    assert!(std::panic::catch_unwind(synchronous_panic).is_err());
    assert_eq!(counts("synchronous-never"), [0, 0, 1]);
    assert_eq!(counts("synchronous-panic"), [0, 0, 1]);
}
