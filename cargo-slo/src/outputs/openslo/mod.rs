//! OpenSLO v1, one file per service: the service, whom to tell, the alert policies, the SLOs.
//!
//! What the format has no field for is an annotation under `cargo-slo/`. `file` puts the
//! objects together, `objective` makes an SLO, `alerts` what it refers to; `object` is what all
//! of them have.

mod alerts;
mod file;
mod object;
mod objective;

pub(super) use file::OpenSlo;
