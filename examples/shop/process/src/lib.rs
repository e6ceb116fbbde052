//! What the processes of the shop have in common and what is not about SLOs.
//!
//! - [`Faults`]: failing and being slow on purpose, switched by `SHOP_*` variables.
//! - [`RequestId`]: what a request is called on its way through the services.
//! - [`Trail`]: how far it came, told to the caller.
//! - [`listen`]: where a service listens, told to whoever started it.
//! - [`Parent`]: what that one says, above all when to stop.

mod dice;
mod faults;
mod listening;
mod parent;
mod request_id;
mod trail;

pub use dice::Dice;
pub use faults::{Decision, Fault, Faults, OnPurpose, SettingError};
pub use listening::{LISTENING, listen};
pub use parent::{Parent, ParentSignal};
pub use request_id::RequestId;
pub use trail::{Hop, Saw, Trail, TrailError};
