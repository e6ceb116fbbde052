//! Compiles the README's `.proto` for the example below it.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    const README: &str = "../../README.md";
    println!("cargo::rerun-if-changed={README}");
    let readme = fs::read_to_string(README)?;
    let block = readme
        .split_once("```proto\n")
        .and_then(|(_, rest)| rest.split_once("```"));
    let (definitions, _) = block.ok_or("the README has a `.proto`")?;
    let folder = Path::new(&env::var("OUT_DIR")?).join("proto");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("shop.proto"), definitions)?;
    let compiled = protox::compile(["shop.proto"], [folder])?;
    tonic_prost_build::configure().compile_fds(compiled)?;
    Ok(())
}
