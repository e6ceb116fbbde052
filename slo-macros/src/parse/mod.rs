//! Reads an annotation. Nothing is generated here.
//!
//! [`mod@annotation`] puts together what [`arguments`] finds in the parentheses and
//! [`function`] below them; the other files read one kind of value each. Errors stand at
//! the offending token and say the rule and the way out.

mod annotation;
mod answer;
mod arguments;
mod decimal;
mod function;
mod key;
mod latency;
mod name;
mod route;
mod service;
mod shape;
mod span_of_time;
mod standalone;
mod target;

pub(crate) use annotation::annotation;
pub(crate) use service::service;
pub(crate) use standalone::standalone;
