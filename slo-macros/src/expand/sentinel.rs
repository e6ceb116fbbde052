//! The record that says "built with the SDK".

use super::section;
use proc_macro2::TokenStream;
use quote::quote;

/// The static for `slo-sdk`, with the version of the crate that calls the macro, and whether
/// annotations leave anything behind.
pub(crate) fn sentinel() -> TokenStream {
    let section = section::attributes();
    let is_off = cfg!(feature = "off");
    quote! {
        const _: () = {
            const VERSION: &str = ::core::env!("CARGO_PKG_VERSION");
            #section
            static RECORD: [u8; ::slo_model::record::sentinel_len(VERSION, #is_off)] =
                ::slo_model::record::encode_sentinel(VERSION, #is_off);
        };
    }
}
