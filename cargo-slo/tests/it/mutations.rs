//! Files that chance or malice has touched never make the reader panic.

use crate::fixtures::{elf, object, orders};
use cargo_slo::{definition, fleet::Fleet, input, outputs};
use object::BinaryFormat;
use proptest::prelude::*;
use std::io::Write;

/// Reads bytes as a program and as an export, and goes on as far as it gets.
fn read(bytes: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let paths = [file.path().to_owned()];
    for reading in [input::read_binaries(&paths), input::read_exports(&paths)] {
        let definition = match &reading {
            Ok(reading) => definition::resolve(reading).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        for fleet in definition.iter().map(Fleet::from_annotations) {
            for subject in &fleet.subjects {
                let settings = outputs::Settings::default();
                assert!(!outputs::prometheus::rules(subject, &settings).is_empty());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes(bytes: Vec<u8>) {
        read(&bytes);
    }

    #[test]
    fn any_section(bytes: Vec<u8>) {
        read(&elf(&[b"\x7fSLOMETA", &bytes]));
    }

    #[test]
    fn mutated_programs(
        format in prop::sample::select(vec![BinaryFormat::Elf, BinaryFormat::MachO, BinaryFormat::Coff]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
        is_cut: bool,
    ) {
        let mut bytes = match format {
            BinaryFormat::Elf => orders(),
            _ => object(format, &[("slo_meta", &orders())]),
        };
        for (at, value) in changes {
            // Half of them near the front, where the headers are.
            let within = if value % 2 == 0 { bytes.len() } else { bytes.len().min(256) };
            let at = at.index(within);
            bytes[at] = value;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()) + 1);
        }
        read(&bytes);
    }
}
