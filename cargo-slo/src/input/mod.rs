//! Where records come from, and what people say about them.
//!
//! - [`artefacts`] asks `cargo` what it built, `features` who switched a feature on, and `workspace`
//!   which packages there are.
//! - `binary` reads one program, through `sections` and a file `mapped` into memory.
//! - [`export_file`] reads and writes `<service>.slo.json`.
//! - `bounded` is how every other file is read, and [`Folders`] are where one may name another.
//! - [`named_files`] are the files that a path on the command line names.
//! - [`Reading`] is what all of them give: services with the records found for them.
//! - [`ReadError`] says what went wrong, and with `source` which line of code to change;
//!   [`RustSource`] finds that line on disk.
//! - [`api`] reads the endpoints that files beside the code list.
//! - [`manifest`] reads `slo.toml`, [`catalogue`] the folder of an organisation, both through
//!   [`toml_file`] and with the [`values`] that people write into them; `json_table` is the same
//!   for what was exported of them. A [`TextFile`] shows places of either.
//! - `yaml` reads YAML and JSON with the places of everything.
//! - [`history`] is what was counted, from a file or from a running [`prometheus`]; [`ruler`],
//!   [`datadog`] and [`grafana`] have what was generated for them. All are asked over [`http`].

pub mod api;
pub mod artefacts;
mod binary;
mod bounded;
mod cargo;
pub mod catalogue;
pub mod datadog;
mod error;
pub mod export_file;
pub(crate) mod features;
mod folders;
pub mod grafana;
pub mod history;
pub mod http;
mod json_table;
pub mod manifest;
mod mapped;
mod paths;
mod programs;
pub mod prometheus;
mod reading;
pub mod ruler;
mod rust_source;
mod sections;
mod source;
mod text_file;
pub mod toml_file;
mod toml_mistakes;
pub mod values;
pub(crate) mod workspace;
pub(crate) mod yaml;

pub use bounded::NamedBy;
pub(crate) use bounded::{
    read as read_file, read_head, read_stdin, read_stream, read_text, take as read_at_most, way_out,
};
pub use error::{ReadError, ReadErrors};
pub use export_file::{read_exports, read_exports_named_by};
pub use features::FeatureRequest;
pub use folders::Folders;
pub use paths::{NamedFiles, PathError, listed_files, listed_paths, named_files};
pub use programs::{Artefact, Package, Role, read_artefacts, read_binaries};
pub use reading::{Found, Place, Reading, ServiceRecords};
pub(crate) use reading::{check_name, is_same_declaration};
pub use rust_source::RustSource;
use source::source_in;
pub use text_file::{Syntax, TextFile};
pub use toml_mistakes::Mistake;
