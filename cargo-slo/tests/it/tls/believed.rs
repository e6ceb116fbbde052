//! Who is believed, and who is not: no request reaches a system whose certificate is not accepted.

use super::{
    authority::{Authority, Signed},
    commands::{COMMANDS, SECRET, ask, ask_in, sandbox, system},
    front::{Ending, front},
};
use crate::servers::{Answer, Server};

#[test]
fn a_private_authority_is_believed_by_its_file() {
    let authority = Authority::new("the shop");
    let sandbox = sandbox(&authority.pem());
    let system = system();
    let signed = authority.sign(&["127.0.0.1"]);
    let url = front(signed.server(), &system.url(), Ending::Whole);
    let ca = sandbox.path("ca.pem");
    let ca = ca.to_str().unwrap();
    for command in COMMANDS {
        let plain = ask(&sandbox, command, &system.url(), "");
        let questions = system.heads().len();
        assert!(questions > 0, "{command}");
        let by_option = ask(&sandbox, command, &url, "--ca-file ca.pem");
        let by_variable = ask_in(&sandbox, command, &url, "", &[("SSL_CERT_FILE", ca)]);
        for run in [by_option, by_variable] {
            let text = |text: &str| text.replace(&url, &system.url());
            assert_eq!(
                (text(&run.out), text(&run.err), run.code),
                (plain.out.clone(), plain.err.clone(), plain.code),
                "{command}"
            );
        }
        assert!(system.heads().len() > questions + 1, "{command}");
    }
    let is_signed_in = |head: &String| head.contains(&format!("Bearer {SECRET}"));
    assert!(system.heads().iter().all(is_signed_in));
}

#[test]
fn a_folder_of_authorities_is_believed_as_openssl_does() {
    let authority = Authority::new("the shop");
    let sandbox = sandbox(&authority.pem());
    // The name that `openssl rehash` would give it is not looked at.
    sandbox.write("certs/0123abcd.0", authority.pem());
    let system = system();
    let signed = authority.sign(&["127.0.0.1"]);
    let url = front(signed.server(), &system.url(), Ending::Whole);
    let folder = sandbox.path("certs");
    let folder = ("SSL_CERT_DIR", folder.to_str().unwrap());
    ask_in(&sandbox, COMMANDS[2], &url, "", &[folder]);
    assert!(!system.heads().is_empty());
}

#[test]
fn nothing_is_asked_of_a_stranger() {
    let authority = Authority::new("the shop");
    let sandbox = sandbox(&authority.pem());
    let system = system();
    let (here, ca) = (["127.0.0.1"], "--ca-file ca.pem");
    let by_authority = Signed::by_itself(&here, true);
    sandbox.write("self.pem", by_authority.certificate_pem());
    // The operating system's, for this test.
    sandbox.write("certs/0123abcd.0", Authority::new("others").pem());
    let certs = sandbox.path("certs");
    let certs = ("SSL_CERT_DIR", certs.to_str().unwrap());
    for (signed, more, words) in [
        (
            Authority::new("a stranger").sign(&here),
            ca,
            &[
                "from an authority that is not in ca.pem",
                "add the authority's certificate",
            ][..],
        ),
        (
            authority.sign(&here),
            "",
            &[
                "from an authority that is not trusted here",
                "`--ca-file FILE`",
                "SSL_CERT_FILE",
            ],
        ),
        (
            authority.sign(&["grafana.shop", "10.1.2.3"]),
            ca,
            &[
                "not for `127.0.0.1`, but for `grafana.shop`, `10.1.2.3`",
                "write the address with a name",
            ],
        ),
        (
            authority.sign(&[]),
            ca,
            &[
                "not for `127.0.0.1`, but for no name at all",
                "(CN) does not count",
            ],
        ),
        (
            authority.sign_between(&here, 2019, 2020),
            ca,
            &[
                "expired on 2020-01-01 00:00 UTC",
                "have it renewed; here it is 2",
            ],
        ),
        (
            authority.sign_between(&here, 2090, 2091),
            ca,
            &[
                "valid only from 2090-01-01 00:00 UTC",
                "check the clock: here it is 2",
            ],
        ),
        (
            by_authority,
            "--ca-file self.pem",
            &[
                "one of an authority (CA:TRUE)",
                "basicConstraints=critical,CA:FALSE",
            ],
        ),
        // The same name, and another key.
        (
            Authority::new("the shop").sign(&here),
            ca,
            &[
                "from an authority that is not in ca.pem",
                "add the authority's certificate",
            ][..],
        ),
    ] {
        let url = front(signed.server(), &system.url(), Ending::Whole);
        for command in COMMANDS {
            let run = ask_in(&sandbox, command, &url, more, &[certs]);
            assert_eq!(run.code, 2, "{run:?}");
            for word in words {
                assert!(run.err.contains(word), "`{word}` is not in:\n{}", run.err);
            }
            assert!(run.err.contains(&format!("--> {url}/")), "{}", run.err);
            assert!(!run.err.contains(SECRET), "{}", run.err);
        }
    }
    assert_eq!(system.heads(), [""; 0]);
}

#[test]
fn a_certificate_that_nobody_else_signed_is_its_own_authority() {
    let signed = Signed::by_itself(&["127.0.0.1"], false);
    let sandbox = sandbox(&signed.certificate_pem());
    let system = system();
    let url = front(signed.server(), &system.url(), Ending::Whole);
    ask(&sandbox, COMMANDS[2], &url, "--ca-file ca.pem");
    assert!(!system.heads().is_empty());
}

#[test]
fn no_secret_follows_a_redirect_out_of_tls() {
    let authority = Authority::new("the shop");
    let sandbox = sandbox(&authority.pem());
    let elsewhere = system();
    let location = format!("location: {}/api/v1/query", elsewhere.url());
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let location = location.clone();
        let system = Server::new(move |_| Answer::of(status, "").header(&location));
        let signed = authority.sign(&["127.0.0.1"]);
        let url = front(signed.server(), &system.url(), Ending::Whole);
        for command in COMMANDS {
            let run = ask(&sandbox, command, &url, "--ca-file ca.pem");
            assert_eq!(run.code, 2, "{run:?}");
            assert!(
                run.err.contains("not followed to another address"),
                "{}",
                run.err
            );
        }
        assert!(!system.heads().is_empty());
    }
    assert_eq!(elsewhere.heads(), [""; 0]);
}

#[test]
fn half_an_answer_is_none() {
    let authority = Authority::new("the shop");
    let sandbox = sandbox(&authority.pem());
    let system = system();
    let signed = authority.sign(&["127.0.0.1"]);
    let url = front(signed.server(), &system.url(), Ending::Midway);
    for command in COMMANDS {
        let run = ask(&sandbox, command, &url, "--ca-file ca.pem");
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains(&url), "{}", run.err);
        let is_told = [
            "it was cut off",
            "it closed the connection without an answer",
        ]
        .iter()
        .any(|words| run.err.contains(words));
        assert!(is_told, "{}", run.err);
    }
    assert!(!system.heads().is_empty());
}
