//! Services while they run: `cargo slo dev` receives what they export and shows it.

pub mod page;
pub mod view;
