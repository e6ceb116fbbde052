//! Servers that ask who asks.

use super::{
    authority::{Authority, provider},
    commands::{COMMANDS, ask, sandbox, system},
    front::{Ending, front},
};
use rustls::{
    RootCertStore, ServerConfig, SupportedProtocolVersion, server::WebPkiClientVerifier, version,
};
use std::sync::Arc;

/// A server that asks for a certificate that an authority signed.
fn asking(authority: &Authority, version: &'static SupportedProtocolVersion) -> ServerConfig {
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate()).unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider());
    let verifier = verifier.build().unwrap();
    authority
        .sign(&["127.0.0.1"])
        .server_for(verifier, &[version])
}

#[test]
fn a_client_certificate_is_shown_to_who_asks_for_one() {
    let authority = Authority::new("the shop");
    let sandbox = sandbox(&authority.pem());
    let system = system();
    let server = asking(&authority, &version::TLS13);
    let url = front(server, &system.url(), Ending::Whole);
    let client = authority.sign(&["ci"]);
    sandbox.write("client.pem", client.certificate_pem());
    sandbox.write("client.key", client.key_pem());
    sandbox.write("both.pem", client.certificate_pem() + &client.key_pem());
    for command in COMMANDS {
        for files in [
            "--client-cert client.pem --client-key client.key",
            "--client-cert both.pem",
        ] {
            let before = system.heads().len();
            ask(
                &sandbox,
                command,
                &url,
                &format!("--ca-file ca.pem {files}"),
            );
            assert!(system.heads().len() > before, "{command} {files}");
        }
    }
}

#[test]
fn who_shows_none_or_that_of_a_stranger_is_told_so() {
    let authority = Authority::new("the shop");
    let sandbox = sandbox(&authority.pem());
    let system = system();
    let stranger = Authority::new("a stranger").sign(&["ci"]);
    sandbox.write("both.pem", stranger.certificate_pem() + &stranger.key_pem());
    let late = authority.sign_between(&["ci"], 2019, 2020);
    sandbox.write("late.pem", late.certificate_pem() + &late.key_pem());
    // TLS 1.2 refuses before the handshake is over, TLS 1.3 afterwards.
    for version in [&version::TLS12, &version::TLS13] {
        let server = asking(&authority, version);
        let url = front(server, &system.url(), Ending::Whole);
        for command in COMMANDS {
            for (files, words) in [
                (
                    "",
                    ["asks for a client certificate", "`--client-cert FILE`"],
                ),
                (
                    "--client-cert both.pem",
                    [
                        "does not accept the client certificate",
                        "check that the authority",
                    ],
                ),
                (
                    "--client-cert late.pem",
                    ["does not accept the client certificate", "still valid"],
                ),
            ] {
                let run = ask(
                    &sandbox,
                    command,
                    &url,
                    &format!("--ca-file ca.pem {files}"),
                );
                assert_eq!(run.code, 2, "{run:?}");
                for word in words {
                    assert!(run.err.contains(word), "`{word}` is not in:\n{}", run.err);
                }
            }
        }
    }
    assert_eq!(system.heads(), [""; 0]);
}
