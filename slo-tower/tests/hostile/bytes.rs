//! Requests over HTTP/1 as nobody should send them.

use crate::random::Random;

const METHODS: &[&str] = &[
    "GET",
    "GET",
    "GET",
    "POST",
    "PUT",
    "HEAD",
    "DELETE",
    "OPTIONS",
    "PATCH",
    "TRACE",
    "get",
    "M-SEARCH",
    "PRI",
    "_unmatched",
];

const ROOTS: &[&str] = &[
    "/orders/",
    "/orders/7",
    "/found/",
    "/plain/",
    "/upload",
    "/answered?",
    "/",
    "//",
    "",
    "*",
    "http://elsewhere/orders/",
    "/{id}",
    "/orders/{id}",
    "/_unmatched",
    "/_other",
    "/../orders/",
];

const PARTS: &[&str] = &[
    "..",
    ".",
    "/",
    "%2e%2e%2f",
    "%00",
    "%ff",
    "%",
    "%zz",
    "{}",
    "{id}",
    "{*rest}",
    "{{",
    "}",
    "ünï",
    "\u{202e}",
    "?",
    "&",
    "=",
    "#",
    "'",
    "\"",
    "\\",
    "|",
    "<",
    ";",
    "4294967296",
    "-1",
];

const NAMES: &[&str] = &[
    "slo-endpoint",
    "slo-result",
    "slo-outcome",
    "slo-journey",
    "slo-consumer",
    "slo.result",
    "x-slo-mark",
    "grpc-timeout",
    "grpc-status",
    "content-type",
    "accept-encoding",
    "te",
    "traceparent",
    "baggage",
    "host",
    "content-length",
    "transfer-encoding",
    "upgrade",
    "connection",
    "expect",
    "cookie",
    "x-forwarded-for",
];

const VALUES: &[&[u8]] = &[
    b"ok",
    b"good",
    b"bad",
    b"panicked",
    b"order",
    b"",
    b"0",
    b"-1",
    b"1n",
    b"0S",
    b"99999999H",
    b"999999999999H",
    b"S",
    b"1.5S",
    b"\xff\xfe\xfd",
    b"\xc3\x28",
    b"application/grpc",
    b"application/grpc+proto",
    b"application/grpc-web-text",
    b"application/grpc\xff",
    b"gzip, br",
    b"trailers",
    b"chunked",
    b"websocket",
    b"h2c",
    b"upgrade",
    b"100-continue",
    b"00-0-0-00",
    b"18446744073709551616",
    b"\x01\x02",
    b"a\tb",
];

const GARBAGE: &[&[u8]] = &[
    b"\0\0\0\0",
    b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03",
    b"\r\n\r\n\r\n",
    b"GET",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET /\r\n\r\n",
    b" GET / HTTP/1.1\r\n\r\n",
    b"SSH-2.0-x\r\n",
    b"PRI * HTTP/2.0\r\n\r\n",
];

/// A path, that is sometimes very long.
pub(crate) fn path(random: &mut Random) -> String {
    let mut path = random.pick(ROOTS).to_owned();
    for _ in 0..random.below(4) {
        path.push_str(random.pick(PARTS));
        path.push_str(&random.word());
    }
    if random.once_in(200) {
        let length = random.below(64 * 1024);
        path.push_str(&"long".repeat(length / 4));
    }
    path
}

/// A method, most likely one that nobody has ever sent.
pub(crate) fn method(random: &mut Random) -> String {
    match random.below(3) {
        0 => random.word().to_uppercase(),
        _ => random.pick(METHODS).to_owned(),
    }
}

/// The name and the value of a header that a service may or may not care for.
pub(crate) fn header(random: &mut Random) -> (String, Vec<u8>) {
    let name = match random.below(4) {
        0 => format!("x-{}", random.word()),
        _ => random.pick(NAMES).to_owned(),
    };
    let value = match random.below(5) {
        0 => random.bytes(20),
        _ => random.pick(VALUES).to_vec(),
    };
    (name, value)
}

/// A request, or something that begins like one.
pub(crate) fn request(random: &mut Random) -> Vec<u8> {
    if random.once_in(60) {
        return random.pick(GARBAGE).to_vec();
    }
    let version = if random.once_in(20) { "1.0" } else { "1.1" };
    let mut request = match random.below(30) {
        0 => b"CONNECT elsewhere:443".to_vec(),
        1 => format!(
            "GET /answered?{}.{}.{}",
            random.below(100),
            random.below(100),
            random.below(2)
        )
        .into_bytes(),
        _ => format!("{} {}", method(random), path(random)).into_bytes(),
    };
    request.extend_from_slice(format!(" HTTP/{version}\r\nhost: h\r\n").as_bytes());
    // Wild ones often end the connection, so that most requests have none.
    if random.once_in(8) {
        for _ in 0..=random.below(3) {
            let (name, value) = header(random);
            request.extend_from_slice(name.as_bytes());
            request.extend_from_slice(b": ");
            request.extend_from_slice(&value);
            request.extend_from_slice(b"\r\n");
        }
    }
    let body = vec![b'b'; random.below(40)];
    let announced = match random.below(30) {
        0 => body.len() + 7,
        1 => 0,
        _ => body.len(),
    };
    if !body.is_empty() {
        request.extend_from_slice(format!("content-length: {announced}\r\n").as_bytes());
    }
    request.extend_from_slice(b"\r\n");
    request.extend_from_slice(&body);
    if random.once_in(100) {
        request.truncate(random.below(request.len()));
    }
    request
}
