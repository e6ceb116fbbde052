//! Streams that nobody may read to their end without anything being wrong.

use std::io::{self, ErrorKind, Write};

/// A stream that is written for whoever reads it. Where nobody does any more, the work goes on:
/// otherwise `cargo slo … 2>&1 | head -1` would end before its files are written, and look as if it had
/// not; and `cargo slo gate | head -1` would not end as the gate says.
#[derive(Debug)]
pub(super) struct MayClose<W>(pub(super) W);

impl<W: Write> Write for MayClose<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(bytes.len()),
            done => done,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            done => done,
        }
    }
}
