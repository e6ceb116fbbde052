//! Files that are not what they should be.

use super::{
    authority::Authority,
    commands::{COMMANDS, ask, ask_in, sandbox, system},
};

#[test]
fn a_file_that_is_not_one_is_named_before_anything_is_asked() {
    let authority = Authority::new("the shop");
    let sandbox = sandbox(&authority.pem());
    let client = authority.sign(&["ci"]);
    let other = authority.sign(&["ci"]);
    sandbox.write("client.pem", client.certificate_pem());
    sandbox.write("client.key", client.key_pem());
    sandbox.write("other.key", other.key_pem());
    sandbox.write("client.der", client.certificate());
    sandbox.write("garbled.pem", pem("CERTIFICATE"));
    sandbox.write("garbled.key", pem("PRIVATE KEY"));
    sandbox.write("locked.key", pem("ENCRYPTED PRIVATE KEY"));
    sandbox.write("torn.pem", &authority.pem()[..100]);
    for (files, path, words) in [
        (
            "--ca-file nowhere.pem",
            "nowhere.pem",
            &["can't read the file"][..],
        ),
        ("--ca-file .", ".", &["can't read the file"]),
        (
            "--ca-file client.der",
            "client.der",
            &["holds no certificate in PEM", "openssl x509 -inform der"],
        ),
        (
            "--ca-file client.key",
            "client.key",
            &["holds no certificate in PEM"],
        ),
        ("--ca-file torn.pem", "torn.pem", &["the file is not PEM"]),
        (
            "--ca-file garbled.pem",
            "garbled.pem",
            &[
                "no certificate in the file can be read",
                "openssl x509 -text",
            ],
        ),
        (
            "--client-cert nowhere.pem",
            "nowhere.pem",
            &["can't read the file"],
        ),
        (
            "--client-cert client.pem",
            "client.pem",
            &["holds no private key", "`--client-key FILE` names it"],
        ),
        (
            "--client-cert client.pem --client-key client.pem",
            "client.pem",
            &["holds no private key"],
        ),
        (
            "--client-cert client.pem --client-key locked.key",
            "locked.key",
            &["holds no private key", "one with a password is not read"],
        ),
        (
            "--client-cert client.pem --client-key garbled.key",
            "garbled.key",
            &["the key can't be used"],
        ),
        (
            "--client-cert client.pem --client-key other.key",
            "other.key",
            &[
                "the key is not that of the certificate in client.pem",
                "-pubout",
            ],
        ),
        (
            "--client-cert garbled.pem --client-key client.key",
            "garbled.pem",
            &["the certificate can't be read"],
        ),
    ] {
        for command in COMMANDS {
            // Nobody listens there: it would be the error.
            let run = ask(&sandbox, command, "https://127.0.0.1:1", files);
            let run = run.failed(words);
            assert!(run.err.contains(&format!("--> {path}\n")), "{}", run.err);
            assert!(!run.err.contains("refused"), "{}", run.err);
        }
    }
    let run = ask(
        &sandbox,
        COMMANDS[2],
        "https://127.0.0.1:1",
        "--client-key client.key",
    );
    assert!(run.err.contains("--client-cert <FILE>"), "{}", run.err);
}

#[test]
fn one_that_can_be_read_is_enough_among_others() {
    let authority = Authority::new("the shop");
    let sandbox = sandbox(&(pem("CERTIFICATE") + &authority.pem()));
    let system = system();
    let signed = authority.sign(&["127.0.0.1"]);
    let url = super::front::front(signed.server(), &system.url(), super::front::Ending::Whole);
    ask(&sandbox, COMMANDS[2], &url, "--ca-file ca.pem");
    assert!(!system.heads().is_empty());
}

#[test]
fn variables_are_looked_at_for_https_only() {
    let sandbox = sandbox("");
    let system = system();
    let dangling = [("SSL_CERT_FILE", "nowhere.pem")];
    ask_in(&sandbox, COMMANDS[2], &system.url(), "", &dangling);
    assert!(!system.heads().is_empty());
    let run = ask_in(&sandbox, COMMANDS[2], "https://127.0.0.1:1", "", &dangling);
    run.failed(&["--> nowhere.pem", "can't read the file", "SSL_CERT_FILE"]);
}

#[test]
fn a_system_without_authorities_says_so() {
    let sandbox = sandbox("");
    sandbox.write("empty/README", "");
    let folder = sandbox.path("empty");
    let empty = [("SSL_CERT_DIR", folder.to_str().unwrap())];
    // Authorities are looked for when somebody is there.
    let system = system();
    let url = system.url().replace("http://", "https://");
    let run = ask_in(&sandbox, COMMANDS[2], &url, "", &empty);
    run.failed(&["this system trusts no authority", "`ca-certificates`"]);
}

/// What looks like it, and is nothing.
fn pem(what: &str) -> String {
    format!("-----BEGIN {what}-----\nc2xv\n-----END {what}-----\n")
}
