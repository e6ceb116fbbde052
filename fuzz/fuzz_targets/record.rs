//! Any bytes as a section of a binary: its frames, and the records in them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use slo_model::record::{
    EndpointRecord, FORMAT_VERSION, Frame, KIND_ENDPOINT, MAX_DAMAGED, Record, frames,
};

fuzz_target!(|bytes: &[u8]| {
    let mut damaged = 0;
    let mut after = 0;
    for frame in frames(bytes) {
        match frame {
            Ok(frame) => {
                assert!(
                    frame.offset >= after,
                    "frames come in order, and never overlap"
                );
                after = frame.offset + frame.payload.len();
                assert!(after <= bytes.len());
                decode(&frame);
            }
            Err(_) => damaged += 1,
        }
    }
    assert!(damaged <= MAX_DAMAGED, "{damaged} damaged frames were read");
    // A payload behind a checksum that no mutation would meet.
    decode(&Frame {
        offset: 0,
        version: FORMAT_VERSION,
        kind: KIND_ENDPOINT,
        payload: bytes,
    });
});

/// What is accepted can be written and read again, and stays what it is.
fn decode(frame: &Frame<'_>) {
    if let Ok(Record::Endpoint(record)) = Record::decode(frame) {
        let json = serde_json::to_string(&record).expect("a record is JSON");
        let again: EndpointRecord = serde_json::from_str(&json).expect("its own JSON");
        assert_eq!(again, *record);
        again.check().expect("it was checked before");
    }
}
