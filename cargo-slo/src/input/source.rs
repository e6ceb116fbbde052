//! Where a record that can't be read was declared.

use serde::Deserialize;
use slo_model::record::SourceRecord;

#[derive(Deserialize)]
struct Declared {
    source: Box<SourceRecord>,
}

/// The place in the source that a record names, as far as it is still JSON: whatever else is
/// wrong with it, this is where to change it.
pub(super) fn source_in(record: &[u8]) -> Option<Box<SourceRecord>> {
    let Declared { source } = serde_json::from_slice(record).ok()?;
    Some(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_is_wrong_still_says_where_it_is_from() {
        let record = br#"{"name":7,"source":{"package":"p","version":"1.0.0","module":"m","function":"f","file":"src/f.rs","line":9}}"#;
        let source = source_in(record).unwrap();
        assert_eq!(source.to_string(), "m::f (src/f.rs:9)");
        assert_eq!(source_in(&record[..50]), None);
        assert_eq!(source_in(b"{}"), None);
    }
}
