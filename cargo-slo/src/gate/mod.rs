//! Whether a change may be delivered.
