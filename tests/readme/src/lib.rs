//! The examples of the READMEs and of the page about Kubernetes, compiled as documentation tests of
//! this crate.

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}

#[cfg(doctest)]
#[doc = include_str!("../../../docs/kubernetes.md")]
mod kubernetes {}

#[cfg(doctest)]
#[doc = include_str!("../../../slo-model/README.md")]
mod model {}

#[cfg(doctest)]
#[doc = include_str!("../../../slo-macros/README.md")]
mod macros {}

#[cfg(doctest)]
#[doc = include_str!("../../../slo-sdk/README.md")]
mod sdk {}

#[cfg(doctest)]
#[doc = include_str!("../../../slo-tower/README.md")]
mod tower {}
