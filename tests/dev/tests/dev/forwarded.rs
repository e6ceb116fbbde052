//! Exports that are passed on.

use crate::{
    exports::{PROTOBUF, events, export, point},
    http::get,
    session::{Session, counted, watched},
};
use prost::Message;

#[test]
fn another_collector_gets_the_same() {
    let other = Session::start(&[], &[]);
    let url = format!("http://{}", other.address);
    let session = Session::start(&["--forward", &url], &[]);
    for n in 1..=5 {
        let points = vec![point("place", "good", n, 1, n.unsigned_abs())];
        let body = export("a", vec![events(points, 2)]).encode_to_vec();
        session.export("/v1/metrics", &[PROTOBUF], &body);
    }
    other.wait_for("what was passed on", |view| {
        counted(view, "place", "latency") == Some([5, 0, 0])
    });
    let remarks = session.view()["remarks"].to_string();
    assert!(remarks.contains("\"dropped\":0"), "{remarks}");
}

#[test]
fn the_last_events_of_a_command_are_passed_on() {
    let _processors = crate::session::processors();
    let other = Session::start(&[], &[]);
    let url = format!("http://{}", other.address);
    let mut session = Session::start(&["--forward", &url, "--", &watched()], &[]);
    let address = session.listening();
    for _ in 0..20 {
        get(&address, "/answers/500");
    }
    get(&address, "/end/0");
    session.ended();
    let view = other.view();
    assert_eq!(counted(&view, "answer", "availability"), Some([0, 20, 0]));
}

#[test]
fn a_collector_that_does_not_take_it_hinders_nobody_and_is_counted() {
    // Takes connections and answers nothing.
    let deaf = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", deaf.local_addr().unwrap());
    let session = Session::start(&["--forward", &url], &[]);
    const EXPORTS: u64 = 400;
    for n in 1..=EXPORTS {
        let points = vec![point("place", "good", n.cast_signed(), 1, n)];
        let body = export("a", vec![events(points, 2)]).encode_to_vec();
        assert_eq!(
            session.export("/v1/metrics", &[PROTOBUF], &body).status,
            200
        );
    }
    let view = session.view();
    assert_eq!(counted(&view, "place", "latency"), Some([EXPORTS, 0, 0]));
    let remarks = view["remarks"].to_string();
    let dropped = remarks.split("\"dropped\":").nth(1).unwrap();
    let dropped: String = dropped.chars().take_while(char::is_ascii_digit).collect();
    assert!(
        dropped.parse::<u64>().unwrap() >= EXPORTS - 256 - 2,
        "{remarks}"
    );
}
