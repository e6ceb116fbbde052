//! Exists because `links` wants a build script; see the manifest for why.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
