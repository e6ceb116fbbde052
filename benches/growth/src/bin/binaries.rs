//! The table of programs: how long `cargo slo list` takes as they grow, against reading the
//! file once. `binaries CARGO_SLO PROGRAM FOLDER`.
//!
//! Each file is a real program, made larger in the middle; once with its section headers and
//! once without, where the whole file has to be searched.

use slo_growth::middle::median;
use std::{
    env,
    error::Error,
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

const MEGABYTE: usize = 1_000_000;

#[expect(clippy::print_stdout, reason = "its output")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [command, program, folder] = arguments.as_slice() else {
        return Err("usage: binaries CARGO_SLO PROGRAM FOLDER".into());
    };
    let program = Program::read(program)?;
    let nothing = time(5, || list(command, &program.path).map(drop))?;
    println!(
        "| program, MB | read once, ms | `cargo slo list`, ms | ÷ reading | without section \
         headers, ms | ÷ reading |\n| --- | --- | --- | --- | --- | --- |"
    );
    // A service is called like its program, so the SLOs to be found are those of this file.
    let path = folder.join("program-made-larger");
    program.grow(&path, 0, true)?;
    let expected = list(command, &path)?;
    for size in [1, 10, 100, 500] {
        let mut cells = Vec::new();
        let mut read = 0.0;
        for with_sections in [true, false] {
            program.grow(&path, size * MEGABYTE, with_sections)?;
            if list(command, &path)? != expected {
                return Err(format!("{size} MB: other SLOs than in the program itself").into());
            }
            read = time(9, || Ok(read_once(&path)?))?;
            let took = time(9, || list(command, &path).map(drop))?;
            cells.push(format!("{took:.1} | {:.2}", took / read));
        }
        println!("| {size} | {read:.1} | {} |", cells.join(" | "));
    }
    fs::remove_file(&path)?;
    println!(
        "\nOf each, {nothing:.1} ms are the command itself on a program of {:.1} MB.",
        program.bytes.len() as f64 / MEGABYTE as f64
    );
    Ok(())
}

/// Milliseconds, the median.
fn time(
    times: usize,
    mut work: impl FnMut() -> Result<(), Box<dyn Error>>,
) -> Result<f64, Box<dyn Error>> {
    let mut took = Vec::new();
    for _ in 0..times {
        let start = Instant::now();
        work()?;
        took.push(start.elapsed().as_secs_f64() * 1e3);
    }
    Ok(median(took))
}

fn read_once(path: &Path) -> std::io::Result<()> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 20];
    while file.read(&mut buffer)? > 0 {
        std::hint::black_box(&buffer);
    }
    Ok(())
}

/// The SLOs of a program, in JSON without the part that names the file.
fn list(command: &Path, program: &Path) -> Result<String, Box<dyn Error>> {
    let output = Command::new(command)
        .args(["slo", "list", "--format", "json", "--bin"])
        .arg(program)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let text = String::from_utf8(output.stdout)?;
    Ok(text.replace(&program.display().to_string(), ""))
}

/// A program as an ELF file of 64 bits.
struct Program {
    path: PathBuf,
    bytes: Vec<u8>,
    /// Where its table of sections is, which usually stands last.
    sections: usize,
}

/// Where the head of an ELF file holds the place of the table of sections, and the last of
/// the numbers about it.
const TABLE: usize = 0x28;
const NUMBER: usize = 0x3C;

impl Program {
    fn read(path: &Path) -> Result<Program, Box<dyn Error>> {
        let bytes = fs::read(path)?;
        let is_elf = bytes.starts_with(b"\x7fELF\x02\x01");
        let place = bytes
            .get(TABLE..TABLE + 8)
            .and_then(|place| place.try_into().ok());
        let (true, Some(place)) = (is_elf, place) else {
            return Err(format!("{} is not an ELF file of 64 bits", path.display()).into());
        };
        Ok(Program {
            path: path.to_owned(),
            sections: usize::try_from(u64::from_le_bytes(place))?,
            bytes,
        })
    }

    /// Writes it with the given number of bytes, those that are added before its table of sections.
    fn grow(&self, path: &Path, size: usize, with_sections: bool) -> Result<(), Box<dyn Error>> {
        let added = size.saturating_sub(self.bytes.len());
        let (front, table) = self.bytes.split_at(self.sections);
        let mut front = front.to_vec();
        if with_sections {
            let place = (self.sections + added) as u64;
            front[TABLE..TABLE + 8].copy_from_slice(&place.to_le_bytes());
        } else {
            front[TABLE..TABLE + 8].fill(0);
            front[NUMBER..NUMBER + 4].fill(0);
        }
        let mut file = File::create(path)?;
        file.write_all(&front)?;
        let mut noise = Noise(0x9E37_79B9_7F4A_7C15);
        let mut left = added;
        while left > 0 {
            let chunk = noise.chunk(left.min(1 << 20));
            file.write_all(&chunk)?;
            left -= chunk.len();
        }
        file.write_all(table)?;
        Ok(())
    }
}

/// Bytes of every value, the same in every run: they look like code to a search, as zeros
/// would not.
struct Noise(u64);

impl Noise {
    fn chunk(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length + 8);
        while bytes.len() < length {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            bytes.extend_from_slice(&self.0.to_le_bytes());
        }
        bytes.truncate(length);
        bytes
    }
}
