//! Handshakes that fail, and what is said of them.

use super::{
    authority::Authority,
    commands::{COMMANDS, ask, sandbox, system},
    front::{Ending, front},
    raw::{HELLO_OF_TLS_1_1, alert, saying},
};
use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

/// Alerts are numbered in RFC 8446, section 6.
const HANDSHAKE_FAILURE: u8 = 40;
const PROTOCOL_VERSION: u8 = 70;
const INTERNAL_ERROR: u8 = 80;
const UNRECOGNIZED_NAME: u8 = 112;

#[test]
fn what_speaks_another_tls_or_none_is_named() {
    static OLD: [u8; 7] = alert(PROTOCOL_VERSION);
    static FAILED: [u8; 7] = alert(HANDSHAKE_FAILURE);
    static BROKEN: [u8; 7] = alert(INTERNAL_ERROR);
    static NAMELESS: [u8; 7] = alert(UNRECOGNIZED_NAME);
    let sandbox = sandbox(&Authority::new("the shop").pem());
    for (said, words) in [
        (
            &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..],
            &["it answers without TLS", "write `http://`"][..],
        ),
        (
            &OLD,
            &["neither TLS 1.2 nor 1.3", "older ones are not safe"],
        ),
        (&HELLO_OF_TLS_1_1, &["neither TLS 1.2 nor 1.3"]),
        (&FAILED, &["shares no cipher", "ECDHE with AES-GCM"]),
        (
            &BROKEN,
            &[
                "ended the TLS handshake (InternalError)",
                "`--client-cert FILE`",
            ],
        ),
        (
            &NAMELESS,
            &["knows no host of that name", "write the address"],
        ),
        (
            &[],
            &[
                "closed the connection without an answer",
                "that it speaks TLS at that port",
            ],
        ),
        (
            &[22, 3, 3, 0, 100, 2],
            &["closed the connection without an answer"],
        ),
    ] {
        let url = format!("https://{}", saying(said));
        let run = ask(&sandbox, COMMANDS[2], &url, "--ca-file ca.pem");
        let run = run.failed(words);
        assert!(
            run.err.contains(&format!("--> {url}/api/v1/")),
            "{}",
            run.err
        );
    }
}

#[test]
fn a_handshake_that_hangs_is_not_waited_for() {
    // Takes connections and says nothing.
    let deaf = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", deaf.local_addr().unwrap());
    let start = Instant::now();
    let sandbox = sandbox(&Authority::new("the shop").pem());
    let run = ask(&sandbox, COMMANDS[2], &url, "--ca-file ca.pem");
    run.failed(&["no connection in time", "such as a firewall"]);
    // A sixth of the time for an answer, and not asked again.
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[test]
fn plain_http_to_a_port_with_tls_is_named() {
    let authority = Authority::new("the shop");
    let sandbox = sandbox("");
    let system = system();
    let signed = authority.sign(&["127.0.0.1"]);
    let url = front(signed.server(), &system.url(), Ending::Whole);
    let of_rustls = url.replace("https://", "http://");
    // What nginx and Go say.
    let of_nginx = saying(
        b"HTTP/1.1 400 Bad Request\r\ncontent-length: 75\r\nconnection: close\r\n\r\n\
          <center>The plain HTTP request was sent to HTTPS port</center>             ",
    );
    let of_go = saying(
        b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n",
    );
    for url in [
        of_rustls,
        format!("http://{of_nginx}"),
        format!("http://{of_go}"),
    ] {
        let run = ask(&sandbox, COMMANDS[2], &url, "");
        run.failed(&["write `https://`", &format!("--> {url}/api/v1/")]);
    }
    assert_eq!(system.heads(), [""; 0]);
}
