//! `slo.toml`: what is to be said about a service and is not code.
//!
//! - [`Manifest`] is what a file says, [`ManifestFile`] with the file it stands in.
//!
//! `docs/slo-toml.md` explains every key, `docs/schema/slo.toml.json` is the schema for editors;
//! a test keeps both to the keys of these types.

mod coverage;
mod facts;
mod file;

pub use coverage::{Coverage, Ignore};
pub use facts::{
    Blocks, CatalogueFolder, Correction, Dependency, Exception, JourneyFacts, Kind, Manifest,
    PolicyLevel, Removed, Review, SloFacts, Spend, Then, UnspentBudget, Value, Verdict,
};
pub use file::ManifestFile;
