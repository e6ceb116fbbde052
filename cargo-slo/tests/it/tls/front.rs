//! A TLS server before a system that speaks none.

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::Arc,
    time::Duration,
};

/// How an answer ends.
#[derive(Clone, Copy)]
pub(crate) enum Ending {
    /// As it should: the system's whole answer, and then the end of TLS.
    Whole,
    /// After half of the answer the connection is closed, and nothing says that this is the end.
    Midway,
}

/// Listens on a loopback port and passes each request on to the system at an address `http://…`;
/// returns its own, `https://127.0.0.1:…`.
pub(crate) fn front(server: ServerConfig, system: &str, ending: Ending) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let system = system.strip_prefix("http://").unwrap().to_owned();
    let server = Arc::new(server);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(Arc::clone(&server)).unwrap();
            let stream = stream.unwrap();
            let tcp = stream.try_clone().unwrap();
            let stream = StreamOwned::new(connection, stream);
            // Whoever does not believe it asks nothing.
            if pass_on(stream, &system, ending).is_err() {
                refuse(&tcp);
            }
        }
    });
    format!("https://{address}")
}

/// Hangs up so that the other side gets to read why: whatever it still sends would take that away.
fn refuse(mut tcp: &TcpStream) {
    let _ = tcp.shutdown(Shutdown::Write);
    let _ = tcp.set_read_timeout(Some(Duration::from_secs(5)));
    let mut rest = [0; 4096];
    while tcp.read(&mut rest).is_ok_and(|length| length > 0) {}
}

fn pass_on(
    mut stream: StreamOwned<ServerConnection, TcpStream>,
    system: &str,
    ending: Ending,
) -> std::io::Result<()> {
    let request = request(&mut stream)?;
    let mut behind = TcpStream::connect(system)?;
    behind.write_all(&request)?;
    let mut answer = Vec::new();
    behind.read_to_end(&mut answer)?;
    match ending {
        Ending::Whole => {
            stream.write_all(&answer)?;
            stream.conn.send_close_notify();
            stream.flush()
        }
        Ending::Midway => {
            stream.write_all(&answer[..answer.len() / 2])?;
            stream.flush()
        }
    }
}

/// A request with its body.
fn request(stream: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        request.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&request).to_ascii_lowercase();
    let mut lengths = head
        .lines()
        .filter_map(|line| line.strip_prefix("content-length:"));
    let length = lengths
        .next()
        .map_or(0, |text| text.trim().parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    request.extend(body);
    Ok(request)
}
