//! A Datadog on a loopback port: its lists, page by page, as the types of its client write them.

use crate::stock::Stock;
use datadog_api_client::datadogV1::model::{
    SLOListResponse, SLOListResponseMetadata, SLOListResponseMetadataPage,
};
use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    thread,
};

/// What it lets in.
pub(crate) const KEYS: [(&str, &str); 2] = [("DD_API_KEY", "k1"), ("DD_APP_KEY", "k2")];

/// Starts one with this stock, which lives as long as the process, and returns its address.
pub(crate) fn start(stock: Stock) -> Result<String, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if let Err(why) = answer(stream, &stock) {
                eprintln!("  the server: {why}");
            }
        }
    });
    Ok(format!("http://{address}"))
}

fn answer(mut stream: TcpStream, stock: &Stock) -> Result<(), String> {
    let text = |error: std::io::Error| error.to_string();
    let mut head = String::new();
    let mut reader = BufReader::new(&stream);
    while reader.read_line(&mut head).map_err(text)? > 2 {}
    let (status, body) = match head.starts_with("GET ") && is_let_in(&head) {
        true => ("200 OK", list(&head, stock)?),
        false => ("403 Forbidden", r#"{"errors": ["Forbidden"]}"#.to_owned()),
    };
    let length = body.len();
    let start = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n"
    );
    stream.write_all((start + &body).as_bytes()).map_err(text)
}

fn is_let_in(head: &str) -> bool {
    let names = ["dd-api-key", "dd-application-key"];
    names.iter().zip(KEYS).all(|(name, (_, key))| {
        head.lines().any(|line| {
            let (found, value) = line.split_once(':').unwrap_or_default();
            found.eq_ignore_ascii_case(name) && value.trim() == key
        })
    })
}

fn list(head: &str, stock: &Stock) -> Result<String, String> {
    let asked = head.split(' ').nth(1).unwrap_or_default();
    let (path, query) = asked.split_once('?').unwrap_or((asked, ""));
    let number = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let found = pairs.find(|(key, _)| *key == name);
        let number = found.and_then(|(_, value)| value.parse::<usize>().ok());
        number.ok_or(format!("no {name}: {asked}"))
    };
    let written = match path {
        "/api/v1/slo" => {
            // As many as it gives at most.
            let (start, limit) = (number("offset")?, number("limit")?.min(1000));
            let count = i64::try_from(stock.slos.len()).unwrap_or_default();
            let page = SLOListResponseMetadataPage::new()
                .total_count(count)
                .total_filtered_count(count);
            let list = SLOListResponse::new()
                .data(page_of(&stock.slos, start, limit))
                .errors(Vec::new())
                .metadata(SLOListResponseMetadata::new().page(page));
            serde_json::to_string(&list)
        }
        "/api/v1/monitor" => {
            let size = number("page_size")?.min(1000);
            serde_json::to_string(&page_of(&stock.monitors, number("page")? * size, size))
        }
        other => return Err(format!("asked for {other}")),
    };
    written.map_err(|error| error.to_string())
}

fn page_of<T: Clone>(all: &[T], start: usize, length: usize) -> Vec<T> {
    all.iter().skip(start).take(length).cloned().collect()
}
