//! Where records come from.
//!
//! - [`artefacts`] asks cargo what it built.
//! - `binary` reads one program, through `sections` and a file `mapped` into memory.
//! - [`export`] reads `<service>.slo.json`.
//! - [`Reading`] is what all of them give: services with the records found for them.
//! - [`ReadError`] says what went wrong, and with `source` which line of code to change.

pub mod artefacts;
mod binary;
mod error;
pub mod export;
mod mapped;
mod programs;
mod reading;
mod sections;
mod source;

pub use error::{ReadError, ReadErrors};
pub use export::read_exports;
pub use programs::{Artefact, Role, read_artefacts, read_binaries};
pub(crate) use reading::check_name;
pub use reading::{Found, Place, Reading, ServiceRecords};
use source::source_in;
