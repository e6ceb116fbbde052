//! Clients that ask as fast as they are answered, and keep a ledger.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread::{self, JoinHandle},
};

const CLIENTS: usize = 8;
const REQUEST: &[u8] = b"GET /work HTTP/1.1\r\nhost: localhost\r\n\r\n";

pub(crate) struct Clients {
    threads: Vec<JoinHandle<()>>,
    answered: Arc<AtomicU64>,
}

impl Clients {
    pub(crate) fn start(address: &str) -> Clients {
        let answered = Arc::<AtomicU64>::default();
        let client = |_| {
            let (address, answered) = (address.to_owned(), Arc::clone(&answered));
            // Until nobody listens any more.
            thread::spawn(move || {
                while let Ok(stream) = TcpStream::connect(&address) {
                    ask(&stream, &answered);
                }
            })
        };
        Clients {
            threads: (0..CLIENTS).map(client).collect(),
            answered,
        }
    }

    /// Once the server is gone: how many complete answers there were.
    pub(crate) fn answered(self) -> u64 {
        for thread in self.threads {
            thread.join().unwrap();
        }
        self.answered.load(Relaxed)
    }
}

/// Asks over one connection until it ends.
fn ask(mut stream: &TcpStream, answered: &AtomicU64) -> Option<()> {
    let mut reader = BufReader::new(stream);
    loop {
        stream.write_all(REQUEST).ok()?;
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.is_empty() {
            return None;
        }
        assert_eq!(line, "HTTP/1.1 200 OK\r\n");
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line).ok()?;
        }
        let mut body = [0; 4];
        reader.read_exact(&mut body).ok()?;
        assert_eq!(&body, b"done");
        answered.fetch_add(1, Relaxed);
    }
}
