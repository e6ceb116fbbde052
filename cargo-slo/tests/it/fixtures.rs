//! Records, programs that hold them, and a folder to run the command in.

use object::{
    Architecture, BinaryFormat, Endianness, SectionKind,
    write::{Object, StandardSegment},
};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Variables of CI that say what is built.
const CI: [&str; 11] = [
    "GITHUB_SHA",
    "GITHUB_REF_TYPE",
    "CI_COMMIT_SHA",
    "CI_COMMIT_TAG",
    "CI_COMMIT_TIMESTAMP",
    "BUILDKITE_COMMIT",
    "BUILDKITE_TAG",
    "CIRCLE_SHA1",
    "CIRCLE_TAG",
    "GIT_COMMIT",
    "SOURCE_DATE_EPOCH",
];

/// A folder of its own for one test, and the command run in it.
pub(crate) struct Sandbox(Folder);

enum Folder {
    Own(tempfile::TempDir),
    /// Within that of another.
    Other(PathBuf),
}

/// What a run of the command gave.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Sandbox {
    pub(crate) fn new() -> Sandbox {
        Sandbox(Folder::Own(tempfile::tempdir().unwrap()))
    }

    /// A folder within another sandbox.
    pub(crate) fn at(folder: PathBuf) -> Sandbox {
        Sandbox(Folder::Other(folder))
    }

    fn folder(&self) -> &Path {
        match &self.0 {
            Folder::Own(folder) => folder.path(),
            Folder::Other(folder) => folder,
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// The command with these arguments, split at spaces, as cargo would start it.
    pub(crate) fn slo(&self, arguments: &str) -> Run {
        self.slo_in(arguments, &[])
    }

    /// The same, in no more memory than this, in KiB: whatever it allocates beyond fails.
    #[cfg(unix)]
    pub(crate) fn slo_within(&self, kibibytes: u32, arguments: &str) -> Run {
        // The program and its libraries are a part of what the system counts.
        let most = kibibytes + loaded_kibibytes() + (8 << 10);
        let script = format!("ulimit -v {most} && exec \"$0\" slo {arguments}");
        let output = Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_cargo-slo")])
            .current_dir(self.folder())
            .output()
            .unwrap();
        Run::from_output(output)
    }

    /// The same with variables in its environment.
    pub(crate) fn slo_in(&self, arguments: &str, variables: &[(&str, &str)]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-slo"));
        // What CI says of the build that runs the tests does not concern them.
        for name in CI {
            command.env_remove(name);
        }
        let output = command
            .arg("slo")
            .args(arguments.split_whitespace())
            .current_dir(self.folder())
            .env_remove("COLUMNS")
            .env_remove("SLO_CATALOG")
            .env_remove("SSL_CERT_DIR")
            .env_remove("SSL_CERT_FILE")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        Run::from_output(output)
    }
}

/// What the system loads of the program.
#[cfg(unix)]
fn loaded_kibibytes() -> u32 {
    use object::{Object, ObjectSegment};
    use std::sync::LazyLock;
    static LOADED: LazyLock<u32> = LazyLock::new(|| {
        // Its headers say so; the whole of it would be a part of what the test itself takes.
        let program = std::fs::File::open(env!("CARGO_BIN_EXE_cargo-slo")).unwrap();
        let program = object::read::ReadCache::new(program);
        let program = object::File::parse(&program).unwrap();
        let bytes: u64 = program.segments().map(|segment| segment.size()).sum();
        u32::try_from(bytes >> 10).unwrap()
    });
    *LOADED
}

impl Run {
    fn from_output(output: std::process::Output) -> Run {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Run {
            code: output.status.code().expect("the command ended by itself"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// The run did its job.
    pub(crate) fn ok(self) -> Run {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// The run said why it could not do its job, with all of these words.
    pub(crate) fn failed(self, words: &[&str]) -> Run {
        assert_eq!(self.code, 2, "{self:?}");
        assert!(self.err.starts_with("error"), "{}", self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        assert_eq!(self.out, "");
        for word in words {
            assert!(self.err.contains(word), "`{word}` is not in:\n{}", self.err);
        }
        self
    }
}

impl Run {
    /// The same after a remark.
    pub(crate) fn failed_after(mut self, remark: &str, words: &[&str]) -> Run {
        assert!(self.err.starts_with(remark), "{}", self.err);
        self.err = self.err.split_once('\n').unwrap().1.to_owned();
        self.failed(words)
    }
}

/// A frame with any content and the right checksum.
pub(crate) fn frame(version: u16, kind: u16, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap();
    let mut checked = Vec::new();
    checked.extend(version.to_le_bytes());
    checked.extend(kind.to_le_bytes());
    checked.extend(length.to_le_bytes());
    let crc = crc32(checked.iter().chain(payload));
    [b"\x7fSLOMETA", &*checked, &crc.to_le_bytes(), payload].concat()
}

/// Bit by bit, so that it shares nothing with the table of the crate under test.
fn crc32<'a>(bytes: impl Iterator<Item = &'a u8>) -> u32 {
    !bytes.fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
        })
    })
}

pub(crate) fn sentinel() -> Vec<u8> {
    frame(1, 0, br#"{"sdk":"0.1.0"}"#)
}

/// The frame of a record, with the name first, as annotations write it.
pub(crate) fn record(value: &Value) -> Vec<u8> {
    let mut rest = value.as_object().unwrap().clone();
    let name = rest.remove("name").unwrap();
    let rest = Value::from(rest).to_string();
    let payload = format!("{{\"name\":{name},{}", &rest[1..]);
    frame(1, 1, payload.as_bytes())
}

/// An endpoint of the journey `checkout`, which promises availability and latency.
pub(crate) fn endpoint(name: &str) -> Value {
    json!({
        "name": name,
        "journey": {
            "name": "checkout",
            "title": "Buy what is in the cart",
            "owner": "team-orders",
            "runbook": "https://runbooks.example/checkout",
            "objectives": {
                "availability_ppb": 999_000_000,
                "latency": [{"name": "latency", "target_ppb": 990_000_000, "threshold_ns": 500_000_000}],
                "window": "30d",
            },
            "hash": "0123456789abcdef",
        },
        "route": format!("POST /{name}/{{id}}"),
        "until": "body",
        "hash": "fedcba9876543210",
        "source": {
            "package": "orders", "version": "1.2.3", "module": "orders::api",
            "function": name.replace('-', "_"), "file": "src/api.rs", "line": 42,
        },
    })
}

/// An endpoint with an objective of its own beside the journey's.
pub(crate) fn strict_endpoint(name: &str) -> Value {
    let mut endpoint = endpoint(name);
    endpoint["objectives"] = json!({"availability_ppb": 999_500_000, "window": "30d"});
    endpoint
}

pub(crate) fn object(format: BinaryFormat, sections: &[(&str, &[u8])]) -> Vec<u8> {
    let mut object = Object::new(format, Architecture::X86_64, Endianness::Little);
    let segment = object.segment_name(StandardSegment::Data).to_vec();
    for (name, data) in sections {
        let kind = SectionKind::ReadOnlyData;
        let section = object.add_section(segment.clone(), name.as_bytes().to_vec(), kind);
        object.append_section_data(section, data, 1);
    }
    object.write().unwrap()
}

/// An ELF file with these bytes in the section for records.
pub(crate) fn elf(records: &[&[u8]]) -> Vec<u8> {
    object(
        BinaryFormat::Elf,
        &[(".text", &[0x90; 64]), ("slo_meta", &records.concat())],
    )
}

/// A program with two endpoints, one of them with an SLO of its own.
pub(crate) fn orders() -> Vec<u8> {
    let [order, cart] = [strict_endpoint("place-order"), endpoint("cart")];
    elf(&[&sentinel(), &record(&order), &[0; 3], &record(&cart)])
}

/// The part of the repository this path names.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .join(path)
}
