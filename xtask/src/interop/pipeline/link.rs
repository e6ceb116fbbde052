//! A link that delays: it takes each export, answers for what is behind it, and passes it on
//! later as it was, time stamps included. So does a Collector that batches or can't send.

use crate::loopback::free_address;
use std::{
    io::{self, BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
        mpsc::{Receiver, Sender, channel},
    },
    thread::{self, sleep},
    time::{Duration, Instant},
};

const PATIENCE: Duration = Duration::from_secs(20);

/// A link to an address, with one of its own.
#[derive(Debug)]
pub(super) struct Link {
    address: SocketAddr,
    target: SocketAddr,
    delay: Duration,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// Nothing is passed on any more.
    ended: AtomicBool,
    refused: AtomicUsize,
}

struct Export {
    due: Instant,
    head: String,
    body: Vec<u8>,
}

impl Link {
    /// Nobody listens yet.
    pub(super) fn reserve(target: SocketAddr, delay: Duration) -> Result<Link, String> {
        Ok(Link {
            address: free_address()?,
            target,
            delay,
            shared: Arc::default(),
        })
    }

    /// Takes exports from now on.
    pub(super) fn open(&self) -> Result<(), String> {
        let failed = |error| format!("{}: {error}", self.address);
        let listener = TcpListener::bind(self.address).map_err(failed)?;
        let (exports, queue) = channel();
        let (delay, target) = (self.delay, self.target);
        let shared = Arc::clone(&self.shared);
        thread::spawn(move || pass_on(&queue, target, &shared));
        let shared = Arc::clone(&self.shared);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if shared.ended.load(SeqCst) {
                    break;
                }
                let exports = exports.clone();
                // A process that is killed leaves half a request, which nobody answers.
                thread::spawn(move || take(&stream, delay, &exports));
            }
        });
        Ok(())
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Nothing was refused behind it.
    pub(super) fn is_well(&self) -> Result<(), String> {
        match self.shared.refused.load(SeqCst) {
            0 => Ok(()),
            refused => Err(format!("{refused} exports were refused behind the link")),
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.shared.ended.store(true, SeqCst);
        // Wakes who waits for a connection.
        let _ = TcpStream::connect(self.address);
    }
}

/// Takes exports over one connection.
fn take(mut stream: &TcpStream, delay: Duration, exports: &Sender<Export>) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let (head, body) = message(&mut reader)?;
        let due = Instant::now() + delay;
        if exports.send(Export { due, head, body }).is_err() {
            return Ok(());
        }
        // An empty message says that everything was taken.
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n"
        )?;
    }
}

/// A head and a body, whose length the head gives.
fn message(reader: &mut impl BufRead) -> io::Result<(String, Vec<u8>)> {
    let mut head = String::new();
    let mut length = None;
    loop {
        let start = head.len();
        if reader.read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = head[start..].trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
    let length = length.ok_or(io::ErrorKind::InvalidData)?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok((head, body))
}

/// Passes on what is due, one after the other, again and again while nobody is there.
fn pass_on(queue: &Receiver<Export>, target: SocketAddr, shared: &Shared) {
    for export in queue {
        sleep(export.due.saturating_duration_since(Instant::now()));
        loop {
            if shared.ended.load(SeqCst) {
                return;
            }
            match send(&export, target) {
                Ok(status) if (200..300).contains(&status) => break,
                Ok(status) if status < 500 => {
                    shared.refused.fetch_add(1, SeqCst);
                    break;
                }
                _ => sleep(Duration::from_millis(200)),
            }
        }
    }
}

fn send(export: &Export, target: SocketAddr) -> io::Result<u16> {
    let mut stream = TcpStream::connect_timeout(&target, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(export.head.as_bytes())?;
    stream.write_all(&export.body)?;
    let mut line = String::new();
    BufReader::new(&stream).read_line(&mut line)?;
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    status.ok_or(io::ErrorKind::InvalidData.into())
}
