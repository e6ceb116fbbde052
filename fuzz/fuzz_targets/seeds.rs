//! Writes real records for the fuzzer to start from, into the folder it is given.

use slo_model::{
    Declaration, Journey, Objectives, Per, Route, Statuses, Until, Window, millis, minutes,
    record::{HEADER_LEN, encode_endpoint, encode_sentinel, endpoint_len, sentinel_len},
};
use std::{env, fs, io, path::PathBuf};

const GOLD: Objectives = Objectives::new()
    .availability(99.95)
    .latency(99.0, millis(500))
    .latency_named("typical", 50.0, millis(100));
const SPARSE: Declaration = Declaration::new("a", Journey::new("b").objectives(GOLD));
const FULL: Declaration = Declaration::new(
    "place-order",
    Journey::new("checkout")
        .title("Buy \"things\"")
        .owner("team-orders")
        .objectives(GOLD.window(Window::MONTH)),
)
.objectives(GOLD.window(Window::days(28)))
.route(Route::new("POST /orders/{id}"))
.until(Until::Headers)
.statuses(Statuses::new().good(&[404, 5]).bad(&[429]))
.per(Per::Call)
.every(minutes(5))
.description("日本語");

fn main() -> io::Result<()> {
    const SPARSE_FRAME: [u8; endpoint_len(&SPARSE)] = encode_endpoint(&SPARSE);
    const FULL_FRAME: [u8; endpoint_len(&FULL)] = encode_endpoint(&FULL);
    const SENTINEL: [u8; sentinel_len("0.1.0", false)] = encode_sentinel("0.1.0", false);
    let folder = PathBuf::from(env::args_os().nth(1).ok_or(io::ErrorKind::InvalidInput)?);
    fs::create_dir_all(&folder)?;
    let section = [&SENTINEL[..], &FULL_FRAME, &[0; 7], &SPARSE_FRAME].concat();
    for (name, bytes) in [
        ("sentinel", &SENTINEL[..]),
        ("sparse", &SPARSE_FRAME),
        ("full", &FULL_FRAME),
        ("section", &section),
        ("payload", &FULL_FRAME[HEADER_LEN..]),
        ("cut", &section[..section.len() / 2]),
    ] {
        fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}
