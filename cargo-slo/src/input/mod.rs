//! Where records come from, and what people say about them.
//!
//! - [`artefacts`] asks cargo what it built, `features` who switched a feature on, and `workspace`
//!   which packages there are.
//! - `binary` reads one program, through `sections` and a file `mapped` into memory.
//! - [`export`] reads `<service>.slo.json`.
//! - `bounded` is how every other file is read, and [`Folders`] are where one may name another.
//! - [`Reading`] is what all of them give: services with the records found for them.
//! - [`ReadError`] says what went wrong, and with `source` which line of code to change.
//! - [`api`] reads the endpoints that files beside the code list.
//! - [`manifest`] reads `slo.toml`, [`catalogue`] the folder of an organisation, both through
//!   [`toml_file`] and with the [`values`] that people write into them.
//! - `yaml` reads YAML and JSON with the places of everything.
//! - [`history`] is what was counted, from a file or from a running [`prometheus`].

pub mod api;
pub mod artefacts;
mod binary;
mod bounded;
pub mod catalogue;
mod error;
pub mod export;
pub(crate) mod features;
mod folders;
pub mod history;
pub mod manifest;
mod mapped;
mod programs;
pub mod prometheus;
mod reading;
mod sections;
mod source;
pub mod toml_file;
mod toml_mistakes;
pub mod values;
pub(crate) mod workspace;
pub(crate) mod yaml;

pub use bounded::NamedBy;
pub(crate) use bounded::{read as read_file, read_head, read_text, way_out};
pub use error::{ReadError, ReadErrors};
pub use export::{read_exports, read_exports_named_by};
pub use features::Asking;
pub use folders::Folders;
pub use programs::{Artefact, Package, Role, read_artefacts, read_binaries};
pub use reading::{Found, Place, Reading, ServiceRecords};
pub(crate) use reading::{check_name, is_same_declaration};
use source::source_in;
pub use toml_mistakes::Mistake;
