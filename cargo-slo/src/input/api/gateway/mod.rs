//! Routes of gateways, ingresses and meshes.
//!
//! A match is an endpoint: its path and its method. A prefix is about everything below it, or about
//! every path that starts so, as the gateway has it. What a gateway makes of a path is what the
//! service sees, so annotations may say either. A rule that redirects, or that the gateway answers
//! itself, is not an endpoint of a service. A regular expression can't be compared with an annotation;
//! such matches are counted apart. Hosts, headers and parameters of a match tell requests of one
//! endpoint apart, and don't matter here.
//!
//! `gateway_api`, `ingress` and `istio` read objects of Kubernetes, `kong` and `envoy` files of their
//! own; `foreign` names what is not read; `gathered` holds what all of them find.

mod envoy;
mod foreign;
mod gateway_api;
mod gathered;
mod ingress;
mod istio;
mod kong;

use self::gathered::Gathered;
use super::offered::Listed;
use crate::input::yaml::{At, Tree, Wrong};

pub(super) use foreign::refuse_text;

/// Reads all routes, or only those that lead to this backend.
pub(super) fn endpoints(tree: &Tree<'_>, backend: Option<&str>) -> Result<Listed, Wrong> {
    let mut found = Gathered::new(backend);
    let mut unread = None;
    for document in tree.documents() {
        let objects = match document.text_of("kind") {
            Some("List") => found.each(document, "items")?,
            _ => vec![document],
        };
        for object in objects {
            if read(object, &mut found)? {
                found.are_there = true;
            } else if let Some(name) = foreign::name(object) {
                // What it leads to, nobody knows.
                found.incomparable();
                unread.get_or_insert((object, name));
            }
        }
    }
    match unread {
        Some((object, name)) if !found.are_there => Err(foreign::refused(object.location(), name)),
        _ => found.listed(tree),
    }
}

/// Reads an object; `false` if it is none that is known.
fn read<'a>(object: At<'a>, found: &mut Gathered<'_>) -> Result<bool, Wrong> {
    match object.text_of("kind") {
        Some("HTTPRoute") => gateway_api::read(object, true, found)?,
        Some("GRPCRoute") => gateway_api::read(object, false, found)?,
        Some("Ingress") => ingress::read(object, found)?,
        Some("VirtualService") => istio::read(object, found)?,
        Some(_) => return Ok(false),
        None if kong::is_kong(object) => kong::read(object, found)?,
        None => return envoy::read(object, found),
    }
    Ok(true)
}
