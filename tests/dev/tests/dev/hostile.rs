//! Whoever attacks it.

use crate::{
    exports::{PROTOBUF, events, export, gzip, point, text},
    http,
    session::{Session, counted},
};
use prost::Message;
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Instant,
};

#[cfg(target_os = "linux")]
fn peak_mib(session: &Session) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", session.id())).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib >> 10
}

#[test]
fn ten_megabytes_of_gzip_that_hold_ten_gigabytes_are_refused() {
    let _processors = crate::session::processors();
    let session = Session::start(&[], &[]);
    let member = gzip(&vec![0; 4 << 20]);
    let bomb = member.repeat(2_560);
    assert!(bomb.len() < 11 << 20, "{}", bomb.len());
    let began = Instant::now();
    let headers = [PROTOBUF, ("content-encoding", "gzip")];
    let answer = session.export("/v1/metrics", &headers, &bomb);
    assert_eq!(answer.status, 413, "{}", answer.text());
    assert!(answer.text().contains("16 MiB"), "{}", answer.text());
    assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
    #[cfg(target_os = "linux")]
    assert!(peak_mib(&session) < 200, "{} MiB", peak_mib(&session));
}

#[test]
fn a_million_series_are_refused_with_a_count_and_the_rest_goes_on() {
    let _processors = crate::session::processors();
    let session = Session::start(&[], &[]);
    let send = |points| {
        let body = export("a", vec![events(points, 2)]).encode_to_vec();
        let answer = session.export("/v1/metrics", &[PROTOBUF], &body);
        assert_eq!(answer.status, 200, "{}", answer.text());
    };
    send(vec![point("mine", "good", 1, 1, 1)]);
    const BATCH: u32 = 20_000;
    for batch in 0..50 {
        let name = |n: u32| format!("e{}", batch * BATCH + n);
        send(
            (0..BATCH)
                .map(|n| point(&name(n), "good", 1, 1, 1))
                .collect(),
        );
    }
    send(vec![point("mine", "good", 5, 1, 2)]);
    let view = session.view();
    assert_eq!(counted(&view, "mine", "latency"), Some([5, 0, 0]));
    let kept: u64 = view["services"][0]["journeys"][0]["steps"]
        .as_array()
        .unwrap()
        .len() as u64;
    let overflow = view["services"][0]["overflow"].as_u64().unwrap();
    assert!(overflow > 950_000, "{overflow}");
    assert!(
        overflow + kept > 999_000 && kept < 50_000,
        "{overflow} + {kept}"
    );
    #[cfg(target_os = "linux")]
    assert!(peak_mib(&session) < 400, "{} MiB", peak_mib(&session));
}

#[test]
fn names_of_services_and_processes_are_bounded() {
    let session = Session::start(&[], &[]);
    for n in 0..300 {
        let mut body = export(
            &format!("i{n}"),
            vec![events(vec![point("place", "good", 1, 1, 1)], 2)],
        );
        let other = body.resource_metrics[0].clone();
        body.resource_metrics.push(other);
        let resource = body.resource_metrics[1].resource.as_mut().unwrap();
        resource.attributes[0] = text("service.name", &format!("s{n}"));
        session.export("/v1/metrics", &[PROTOBUF], &body.encode_to_vec());
    }
    let view = session.view();
    assert_eq!(view["services"].as_array().unwrap().len(), 50);
    assert_eq!(
        view["services"][0]["processes"].as_array().unwrap().len(),
        100
    );
}

#[test]
fn small_bodies_do_not_grow_in_memory() {
    let _processors = crate::session::processors();
    let session = Session::start(&[], &[]);
    // Empty data points, two bytes each, in a sum of a metric of ours.
    let points = [0x0a, 0x00].repeat(7 << 20);
    let nested = |field: u8, inner: &[u8]| {
        let mut out = vec![field << 3 | 2];
        prost::encoding::encode_varint(inner.len() as u64, &mut out);
        out.extend_from_slice(inner);
        out
    };
    let metric = [nested(1, b"slo.events"), nested(7, &points)].concat();
    let body = nested(1, &nested(2, &nested(2, &metric)));
    let answer = session.export("/v1/metrics", &[PROTOBUF], &body);
    assert_eq!(answer.status, 413, "{}", answer.text());
    let json = format!("{{\"resourceMetrics\":[{}{{}}]}}", "{},".repeat(5 << 20));
    let headers = [("content-type", "application/json")];
    let answer = session.export("/v1/metrics", &headers, json.as_bytes());
    assert_eq!(answer.status, 413, "{}", answer.text());
    #[cfg(target_os = "linux")]
    assert!(peak_mib(&session) < 200, "{} MiB", peak_mib(&session));
}

#[test]
fn bytes_that_are_no_export_are_refused_and_it_lives() {
    let session = Session::start(&[], &[]);
    let mut seed = 0x5eed_u64;
    for _ in 0..300 {
        let body: Vec<u8> = (0..200)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                seed.to_be_bytes()[1]
            })
            .collect();
        for path in ["/v1/metrics", "/v1/logs"] {
            for kind in [
                "application/x-protobuf",
                "application/json",
                "application/grpc",
            ] {
                let answer = session.export(path, &[("content-type", kind)], &body);
                assert!(
                    [200, 400, 404].contains(&answer.status),
                    "{}",
                    answer.status
                );
            }
        }
    }
    let deep = format!("{{\"resourceMetrics\":{}", "[".repeat(1 << 20));
    let headers = [("content-type", "application/json")];
    assert_eq!(
        session
            .export("/v1/metrics", &headers, deep.as_bytes())
            .status,
        400
    );
    session.view();
}

#[test]
fn texts_that_are_markup_stay_texts() {
    let session = Session::start(&[], &[]);
    let evil = "</pre><script>alert(1)</script>\u{1b}[31m";
    let body = export("a", vec![events(vec![point(evil, "good", 1, 1, 1)], 2)]);
    session.export("/v1/metrics", &[PROTOBUF], &body.encode_to_vec());
    let page = http::get(&session.address, &session.page).text();
    assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
    assert!(!page.contains("<script>alert"), "{page}");
}

#[test]
fn who_sends_slowly_hinders_nobody() {
    let session = Session::start(&[], &[]);
    let slow: Vec<_> = (0..100)
        .map(|_| {
            let mut stream = TcpStream::connect(&session.address).unwrap();
            stream
                .write_all(b"POST /v1/metrics HTTP/1.1\r\nhost:")
                .unwrap();
            stream
        })
        .collect();
    let began = Instant::now();
    session.view();
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
    drop(slow);
    // A body that is announced too long is refused before it comes.
    let mut stream = TcpStream::connect(&session.address).unwrap();
    let head = format!(
        "POST /v1/metrics HTTP/1.1\r\nhost: {}\r\ncontent-type: application/x-protobuf\r\n\
         content-length: 99999999999\r\n\r\n",
        session.address
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
}
