//! What counting costs, beside the least that a layer can cost.
//!
//! `cargo bench -p slo-benches` prints the tables; `benches/peers` compares with other
//! middlewares.

pub mod callgrind;
pub mod cases;
pub mod complete;
pub mod drive;
pub mod floor;
pub mod identity;
pub mod instructions;
pub mod measure;
pub mod orders;
pub mod scaling;
pub mod table;
