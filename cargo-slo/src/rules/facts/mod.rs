//! Whether what `slo.toml` says is true of the service and the catalogue.

pub(in crate::rules) mod doubtful_correction;
pub(in crate::rules) mod exception_without_reason;
pub(in crate::rules) mod not_in_catalogue;
pub(in crate::rules) mod service_name_differs;
pub(in crate::rules) mod unknown_name;
pub(in crate::rules) mod unused_exception;
