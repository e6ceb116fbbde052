//! Every format of programs, and what linkers and tools do to them.

use crate::fixtures::{Sandbox, elf, endpoint, object, orders, record, sentinel};
use object::BinaryFormat;

fn lists_both(name: &str, content: &[u8]) {
    let sandbox = Sandbox::new();
    sandbox.write(name, content);
    let run = sandbox.slo(&format!("list --bin {name}")).ok();
    for endpoint in ["cart", "stock"] {
        assert!(run.out.contains(endpoint), "{name}: {}", run.out);
    }
    assert_eq!(run.err, "", "{name}");
}

fn one() -> Vec<u8> {
    [sentinel(), record(&endpoint("cart"))].concat()
}

fn other() -> Vec<u8> {
    record(&endpoint("stock"))
}

#[test]
fn a_name_split_into_several_sections() {
    let (one, other) = (one(), other());
    for (format, name) in [
        (BinaryFormat::Elf, "slo_meta"),
        (BinaryFormat::MachO, "__slo_meta"),
        (BinaryFormat::Coff, "slo_meta"),
    ] {
        lists_both(
            "orders",
            &object(format, &[(name, &one), ("x", b"?"), (name, &other)]),
        );
    }
}

#[test]
fn wasm_custom_section() {
    let section = |content: &[u8]| {
        let body = [&[8], b"slo_meta".as_slice(), content].concat();
        let mut section = vec![0];
        let mut length = body.len();
        while length >= 0x80 {
            section.push((length & 0x7f) as u8 | 0x80);
            length >>= 7;
        }
        section.push(length as u8);
        section.extend(body);
        section
    };
    let module = [
        b"\0asm\x01\0\0\0".as_slice(),
        &section(&one()),
        &section(&other()),
    ]
    .concat();
    lists_both("orders.wasm", &module);
}

#[test]
fn fat_mach_o() {
    let slices = [one(), other()].map(|data| object(BinaryFormat::MachO, &[("__slo_meta", &data)]));
    let mut fat = Vec::new();
    let be = |fat: &mut Vec<u8>, n: usize| fat.extend(u32::try_from(n).unwrap().to_be_bytes());
    be(&mut fat, 0xcafe_babe);
    be(&mut fat, slices.len());
    let mut offset = 4096;
    for slice in &slices {
        for field in [0x0100_0007, 3, offset, slice.len(), 12] {
            be(&mut fat, field);
        }
        offset += slice.len().next_multiple_of(4096);
    }
    for slice in slices {
        fat.resize(fat.len().next_multiple_of(4096), 0);
        fat.extend(slice);
    }
    lists_both("orders", &fat);
    let sandbox = Sandbox::new();
    sandbox.write("orders", &fat[..5000]);
    sandbox
        .slo("list --bin orders")
        .failed(&["--> orders", "structure is damaged"]);
}

#[test]
fn without_section_headers_the_whole_file_is_searched() {
    let mut stripped = elf(&[&one(), &other()]);
    // e_shoff, and e_shentsize to e_shstrndx: what `sstrip` clears.
    stripped[0x28..0x30].fill(0);
    stripped[0x3a..0x40].fill(0);
    lists_both("orders", &stripped);
}

#[test]
fn beside_real_records_a_damaged_one_outside_sections_is_a_warning() {
    let magic_alone = b"\x7fSLOMETA, a constant of some other program".as_slice();
    let rodata = [magic_alone, &one(), &other()].concat();
    let sandbox = Sandbox::new();
    sandbox.write("orders", object(BinaryFormat::Elf, &[(".rodata", &rodata)]));
    let run = sandbox.slo("list --bin orders").ok();
    assert!(
        run.out.contains("stock") && run.err.starts_with("warning: the record"),
        "{run:?}"
    );
}

#[test]
fn a_library_belongs_to_the_only_executable() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", elf(&[&one()]));
    sandbox.write("libstock.so", elf(&[&other(), &one()]));
    sandbox.write("payments", elf(&[&sentinel()]));
    let joined = sandbox.slo("list --bin orders libstock.so").ok().out;
    assert!(
        joined.contains("orders: 1 journey, 2 endpoints, 2 SLOs"),
        "{joined}"
    );
    let apart = sandbox.slo("list --bin orders payments libstock.so").ok();
    assert!(
        apart.out.contains("\nstock: 1 journey, 2 endpoints"),
        "{}",
        apart.out
    );
    assert!(apart.err.contains("a service of its own"), "{}", apart.err);
    assert!(
        apart.out.contains("payments: no SLOs declared"),
        "{}",
        apart.out
    );
}

#[test]
fn windows_programs_without_records_hint_at_gnu_ld() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "orders.exe",
        object(BinaryFormat::Coff, &[(".text", &[0x90; 32])]),
    );
    let run = sandbox.slo("list --bin orders.exe");
    run.failed(&["nothing built with slo-sdk", "GNU ld", "no-gc-sections"]);
}

#[test]
fn the_same_record_anywhere_is_one() {
    let sandbox = Sandbox::new();
    sandbox.write("debug/orders", orders());
    sandbox.write("release/orders", [orders(), orders()].concat());
    let once = sandbox.slo("export --bin debug/orders").ok().out;
    let twice = sandbox
        .slo("export --bin release/orders debug/orders")
        .ok()
        .out;
    assert_eq!(once, twice);
}
