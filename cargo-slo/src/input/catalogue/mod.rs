//! The catalogue: what an organisation settles once for all its services, as a folder.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `tiers.toml` | [`Tier`]s: the targets that services of a kind promise |
//! | `burn-rates.toml` | [`BurnRates`]: alert conditions to choose from |
//! | `policies.toml` | error budget policies to choose from |
//! | `consumers.toml` | [`Consumer`]s: who calls, by the name that requests carry |
//! | `vendors.toml` | [`Vendor`]s: services that others run, with what they promise |
//! | `services/*.slo.json` | what `cargo slo export` wrote for the services of others |
//!
//! Every file may be missing. A file that is not one of these is refused: it would be a
//! misspelt one that nobody reads. [`named_folder`] is the folder that `slo.toml` names.

mod entries;
mod folder;
mod named;

pub use entries::{BurnRates, Condition, Consumer, Tier, Urgency, Vendor};
pub use folder::{Catalogue, CatalogueError, Policy, Table};
pub use named::named_folder;
