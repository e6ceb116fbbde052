//! What counting costs, beside the middlewares that people use.
//!
//! `contest` holds all who take part and checks what they recorded; `ours`, `otel`,
//! `prometheus` and `traced` bring them; `rounds` measures, `row` is what comes of it, and
//! `report` prints it. `cargo xtask peers` builds and runs all.

pub mod contest;
mod otel;
mod ours;
mod prometheus;
pub mod report;
pub mod rounds;
mod router;
pub mod row;
mod traced;
