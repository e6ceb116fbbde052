//! Who may look, and who may export.

use crate::{
    http::{get, send},
    session::Session,
};
use serde_json::Value;

#[test]
fn another_site_and_another_host_are_refused() {
    let session = Session::start(&[], &[]);
    let (address, page) = (&session.address, &session.page);
    let port = address.rsplit_once(':').unwrap().1;
    let view = format!("{page}view.json");
    let localhost = format!("localhost:{port}");
    let evil = format!("evil.example:{port}");
    let own = format!("http://127.0.0.1:{port}");
    for (headers, expected) in [
        (vec![], 200),
        (vec![("host", &*localhost)], 200),
        (vec![("origin", &*own)], 200),
        (vec![("host", &*evil)], 403),
        (vec![("host", "127.0.0.1")], 403),
        (vec![("origin", "http://evil.example")], 403),
        (vec![("origin", "null")], 403),
        (vec![("host", &*localhost), ("host", &*evil)], 403),
    ] {
        let look = send(address, &format!("GET {view}"), &headers, b"");
        assert_eq!(look.status, expected, "{headers:?}");
        let mut exporting = headers.clone();
        exporting.push(("content-type", "application/x-protobuf"));
        let export = session.export("/v1/metrics", &exporting, b"");
        assert_eq!(export.status, expected, "{headers:?}");
        assert!(!look.head.contains("access-control"), "{}", look.head);
    }
    let view = session.view();
    let why = |why: &str| {
        view["refused"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["why"]["kind"] == why)
    };
    assert!(
        why("other-site") && why("other-host"),
        "{:#}",
        view["refused"]
    );
}

#[test]
fn nobody_looks_without_the_token_and_nothing_is_fetched() {
    let session = Session::start(&[], &[]);
    for path in [
        "/",
        "/view.json",
        "/stream",
        "/0123456789abcdef0123456789abcdef/view.json",
    ] {
        assert_eq!(get(&session.address, path).status, 404, "{path}");
    }
    let page = get(&session.address, &session.page);
    assert_eq!(page.status, 200);
    for header in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "referrer-policy: no-referrer",
        "cache-control: no-store",
    ] {
        assert!(page.head.contains(header), "{}", page.head);
    }
    assert!(!page.text().contains("//cdn"), "{}", page.text());
    assert_eq!(
        get(&session.address, &format!("{}snapshot", session.page)).status,
        200
    );
}

#[test]
fn the_stream_goes_on() {
    use std::io::{BufRead, BufReader, Write};
    let session = Session::start(&[], &[]);
    let mut stream = std::net::TcpStream::connect(&session.address).unwrap();
    let request = format!(
        "GET {}stream HTTP/1.1\r\nhost: {}\r\n\r\n",
        session.page, session.address
    );
    stream.write_all(request.as_bytes()).unwrap();
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    let data = lines.filter_map(|line| Some(line.strip_prefix("data: ")?.to_owned()));
    // The page, then what becomes of its lines.
    let mut shown = Vec::<String>::new();
    for (place, data) in data.take(3).enumerate() {
        let parts: Vec<Value> = serde_json::from_str(&data).unwrap();
        let lines = parts.iter().flat_map(|part| match part {
            Value::Array(range) => {
                let [from, to] = [0, 1].map(|n| range[n].as_u64().unwrap() as usize);
                shown[from..to].to_vec()
            }
            line => vec![line.as_str().unwrap().to_owned()],
        });
        shown = lines.collect();
        let page = shown.join("\n");
        assert!(
            page.starts_with("<main ") && page.ends_with("</main>\n"),
            "{page}"
        );
        assert!(place == 0 || data.len() < 500, "{data}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn only_this_machine_is_listened_to() {
    let session = Session::start(&[], &[]);
    let port: u16 = session.address.rsplit_once(':').unwrap().1.parse().unwrap();
    let sockets = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let local: Vec<_> = sockets
        .lines()
        .filter_map(|line| line.split_whitespace().nth(1))
        .filter(|local| local.ends_with(&format!(":{port:04X}")))
        .collect();
    assert!(
        !local.is_empty() && local.iter().all(|local| local.starts_with("0100007F")),
        "{local:?}"
    );
}
