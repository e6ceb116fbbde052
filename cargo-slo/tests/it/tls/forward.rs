//! `dev --forward https://…`: a collector that is believed, and one that is not.

use super::{
    authority::{Authority, Signed},
    commands::{sandbox, system},
    front::{Ending, front},
};
use crate::{
    fixtures::Sandbox,
    servers::{Answer, Server},
};
use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Command, Stdio},
};

/// Lets `dev` pass on one export, and returns what it remarks in the end.
fn forwarded(sandbox: &Sandbox, url: &str) -> Value {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-slo"))
        .args([
            "slo", "dev", "--port", "0", "--for", "3s", "--record", "run.json",
        ])
        .args(["--ca-file", "ca.pem", "--forward", url])
        .current_dir(sandbox.path(""))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let page = lines.find_map(|line| Some(line.unwrap().split_once("http://")?.1.to_owned()));
    let page = page.unwrap();
    let mut stream = TcpStream::connect(page.split('/').next().unwrap()).unwrap();
    let body = "{\"resourceMetrics\":[]}";
    let head = format!(
        "POST /v1/metrics HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        stream.peer_addr().unwrap(),
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    lines.for_each(drop);
    assert!(child.wait().unwrap().success());
    let run = fs::read_to_string(sandbox.path("run.json")).unwrap();
    let run: Value = serde_json::from_str(&run).unwrap();
    let mut remarks = run["remarks"].as_array().unwrap().iter();
    let found = remarks.find(|remark| remark["kind"] == "forwarded");
    found.unwrap_or_else(|| panic!("{run:#}")).clone()
}

#[test]
fn exports_go_to_a_collector_that_is_believed() {
    let authority = Authority::new("the shop");
    let sandbox = sandbox(&authority.pem());
    let collector = Server::new(|_| Answer::ok("{}"));
    let signed = authority.sign(&["127.0.0.1"]);
    let url = front(signed.server(), &collector.url(), Ending::Whole);
    let remark = forwarded(&sandbox, &url);
    assert_eq!(
        (&remark["passed"], &remark["failed"]),
        (&1.into(), &0.into()),
        "{remark:#}"
    );
    assert_eq!(remark.get("why"), None);
    assert!(
        collector.heads()[0].starts_with("POST /v1/metrics?"),
        "{:?}",
        collector.heads()
    );
}

#[test]
fn exports_go_to_nobody_else_and_why_is_remarked() {
    let sandbox = sandbox(&Authority::new("the shop").pem());
    let strange = Signed::by_itself(&["127.0.0.1"], false);
    let collector = system();
    let url = front(strange.server(), &collector.url(), Ending::Whole);
    let remark = forwarded(&sandbox, &url);
    assert_eq!(
        (&remark["passed"], &remark["failed"]),
        (&0.into(), &1.into()),
        "{remark:#}"
    );
    let why = remark["why"].as_str().unwrap();
    assert_eq!(
        why,
        "its certificate is from an authority that is not in ca.pem"
    );
    assert_eq!(collector.heads(), [""; 0]);
}

#[test]
fn a_refusal_is_no_success() {
    let sandbox = sandbox(&Authority::new("the shop").pem());
    for status in ["404 Not Found", "302 Found"] {
        let collector =
            Server::new(move |_| Answer::of(status, "").header("location: http://127.0.0.1:1/"));
        let remark = forwarded(&sandbox, &collector.url());
        assert_eq!(
            (&remark["passed"], &remark["failed"]),
            (&0.into(), &1.into()),
            "{remark:#}"
        );
        assert_eq!(remark["why"], format!("it answers {status}"));
    }
}
