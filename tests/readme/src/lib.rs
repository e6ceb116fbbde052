//! The examples of the README and of the page about Kubernetes, compiled as documentation tests of
//! this crate.

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}

#[cfg(doctest)]
#[doc = include_str!("../../../docs/kubernetes.md")]
mod kubernetes {}
