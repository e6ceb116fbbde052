//! Systems that answer over HTTP on a loopback port, for as long as a test asks.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread::JoinHandle,
};

/// A system; it ends with the value.
pub(crate) struct Server {
    address: String,
    heads: Arc<Mutex<Vec<String>>>,
    is_over: Arc<AtomicBool>,
    answering: Option<JoinHandle<()>>,
}

/// What is answered.
pub(crate) struct Answer {
    status: &'static str,
    headers: String,
    body: String,
    /// How much of the body is sent.
    sent: usize,
}

impl Answer {
    #[expect(
        clippy::needless_pass_by_value,
        reason = "texts and JSON are both bodies"
    )]
    pub(crate) fn ok(body: impl ToString) -> Answer {
        Answer::of("200 OK", body.to_string())
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "texts and JSON are both bodies"
    )]
    pub(crate) fn of(status: &'static str, body: impl ToString) -> Answer {
        let body = body.to_string();
        Answer {
            status,
            headers: "content-type: application/json\r\n".to_owned(),
            sent: body.len(),
            body,
        }
    }

    pub(crate) fn header(mut self, line: &str) -> Answer {
        self.headers += &format!("{line}\r\n");
        self
    }

    /// The same, of whose body only half arrives.
    pub(crate) fn truncated(mut self) -> Answer {
        self.sent = self.body.len() / 2;
        self
    }
}

impl Server {
    /// Answers each request by its head: the first line, and the headers.
    pub(crate) fn new(answer: impl Fn(&str) -> Answer + Send + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let is_over = Arc::new(AtomicBool::new(false));
        let (noted, ended) = (Arc::clone(&heads), Arc::clone(&is_over));
        let answering = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(SeqCst) {
                    return;
                }
                respond(stream.unwrap(), &answer, &noted);
            }
        });
        Server {
            address,
            heads,
            is_over,
            answering: Some(answering),
        }
    }

    /// Its address, `http://…`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The heads of the requests so far.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, SeqCst);
        let _ = TcpStream::connect(&self.address);
        if let Some(answering) = self.answering.take() {
            // It has told of a failure itself.
            let _ = answering.join();
        }
    }
}

fn respond(mut stream: TcpStream, answer: &dyn Fn(&str) -> Answer, noted: &Mutex<Vec<String>>) {
    let head = request(&stream);
    let Answer {
        status,
        headers,
        body,
        sent,
    } = answer(&head);
    noted.lock().unwrap().push(head);
    let length = body.len();
    let text = format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{}",
        &body[..sent]
    );
    // Whoever asked may have heard enough.
    let _ = stream.write_all(text.as_bytes());
}

/// The head of a request. A form that it sends stands in the address, as if it was asked for by it.
pub(crate) fn request(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut head, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        // Whoever connects only to end the server sends nothing.
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line.trim_end().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head.push(line.trim_end().to_owned());
    }
    let mut form = vec![0; length];
    reader.read_exact(&mut form).unwrap();
    if length > 0 {
        let form = String::from_utf8(form).unwrap();
        head[0] = head[0].replacen(" HTTP/", &format!("?{form} HTTP/"), 1);
    }
    head.join("\n")
}

/// The value of a parameter in the first line of a head.
pub(crate) fn parameter<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let (_, query) = head.split_whitespace().nth(1)?.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find_map(|(key, value)| (key == name).then_some(value))
}

/// The text of a value of a form.
pub(crate) fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).unwrap()
}
