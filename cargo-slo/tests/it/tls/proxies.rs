//! Proxies that the environment names.

use super::{
    authority::Authority,
    commands::{COMMANDS, SECRET, ask_in, sandbox, system},
    front::{Ending, front},
};
use std::{
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// A proxy that leads every tunnel to this address; returns its own, and what it reads of the requests
/// for tunnels and of what passes through them.
fn proxy(to: &str) -> (String, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (to, seen) = (to.to_owned(), Arc::default());
    let noted = Arc::clone(&seen);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = tunnel(stream.unwrap(), &to, &noted);
        }
    });
    (address, seen)
}

fn tunnel(mut client: TcpStream, to: &str, seen: &Mutex<Vec<u8>>) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    seen.lock().unwrap().extend(head);
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
    let server = TcpStream::connect(to)?;
    let (mut back, mut answers) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || io::copy(&mut answers, &mut back));
    let mut server = server;
    let mut bytes = [0; 4096];
    loop {
        let length = client.read(&mut bytes)?;
        if length == 0 {
            return Ok(());
        }
        seen.lock().unwrap().extend(&bytes[..length]);
        server.write_all(&bytes[..length])?;
    }
}

#[test]
fn a_proxy_leads_to_https_and_reads_nothing() {
    let authority = Authority::new("the shop");
    let sandbox = sandbox(&authority.pem());
    let system = system();
    // Only the proxy knows where that is.
    let signed = authority.sign(&["store.invalid"]);
    let url = front(signed.server(), &system.url(), Ending::Whole);
    let (address, seen) = proxy(url.strip_prefix("https://").unwrap());
    let proxy = format!("http://user:p%40ss@{address}");
    for command in COMMANDS {
        let before = system.heads().len();
        let variables = [("HTTPS_PROXY", &*proxy), ("NO_PROXY", "")];
        ask_in(
            &sandbox,
            command,
            "https://store.invalid",
            "--ca-file ca.pem",
            &variables,
        );
        assert!(system.heads().len() > before, "{command}");
    }
    let seen = String::from_utf8_lossy(&seen.lock().unwrap()).into_owned();
    assert!(
        seen.contains("CONNECT store.invalid:443 HTTP/1.1"),
        "{seen}"
    );
    assert!(seen.contains("Basic dXNlcjpwQHNz"), "{seen}");
    assert!(!seen.contains(SECRET) && !seen.contains("/api/"), "{seen}");
}

#[test]
fn who_needs_no_proxy_is_asked_without_one() {
    let authority = Authority::new("the shop");
    let sandbox = sandbox(&authority.pem());
    let system = system();
    let signed = authority.sign(&["127.0.0.1"]);
    let url = front(signed.server(), &system.url(), Ending::Whole);
    let variables = [
        ("HTTPS_PROXY", "http://127.0.0.1:1"),
        ("NO_PROXY", "example.com,127.0.0.1"),
    ];
    ask_in(&sandbox, COMMANDS[2], &url, "--ca-file ca.pem", &variables);
    assert!(!system.heads().is_empty());
}

#[test]
fn the_site_of_a_datadog_is_its_host() {
    let sandbox = sandbox("");
    // Nobody is behind this proxy.
    let (address, seen) = proxy("127.0.0.1:1");
    let proxy = format!("http://{address}");
    for (site, host) in [
        ("", "api.datadoghq.com"),
        ("datadoghq.eu", "api.datadoghq.eu"),
        ("app.datadoghq.eu", "api.datadoghq.eu"),
    ] {
        let variables = [
            ("HTTPS_PROXY", &*proxy),
            ("NO_PROXY", ""),
            ("DD_SITE", site),
        ];
        seen.lock().unwrap().clear();
        let run = ask_in(
            &sandbox,
            "diff --against datadog --bin orders",
            "",
            "",
            &variables,
        );
        run.failed(&[&format!("--> https://{host}/api/v1/")]);
        let seen = String::from_utf8_lossy(&seen.lock().unwrap()).into_owned();
        let connect = format!("CONNECT {host}:443 HTTP/1.1\r\n");
        assert!(
            seen.starts_with(&connect) && !seen.contains(SECRET),
            "{seen}"
        );
    }
}
