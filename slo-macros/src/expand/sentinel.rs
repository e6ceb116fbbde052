//! The record that says "built with the SDK".

use super::section;
use proc_macro2::TokenStream;
use quote::quote;

/// The static for `slo-sdk`, with the version of the crate that calls the macro.
pub(crate) fn sentinel() -> TokenStream {
    let section = section::attributes();
    quote! {
        const _: () = {
            #section
            static RECORD: [u8; ::slo_model::record::sentinel_len(::core::env!("CARGO_PKG_VERSION"))] =
                ::slo_model::record::encode_sentinel(::core::env!("CARGO_PKG_VERSION"));
        };
    }
}
