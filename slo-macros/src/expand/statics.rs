//! The endpoint that counts, and the two places it is found in.

use super::section;
use proc_macro2::TokenStream;
use quote::quote;

/// The statics beside `__SLO_DECLARATION`.
///
/// The registry of the process is a list of pointers and the record for `cargo slo` plain
/// bytes: pointers are zeros in the file before it is loaded, and bytes can't count.
pub(super) fn statics(private: &TokenStream) -> TokenStream {
    let endpoint = endpoint(private);
    let section = section::attributes();
    quote! {
        #endpoint
        #section
        static __SLO_RECORD: [u8; #private::endpoint_len(&__SLO_DECLARATION)] =
            #private::encode_endpoint(&__SLO_DECLARATION);
        #[#private::linkme::distributed_slice(#private::ENDPOINTS)]
        #[linkme(crate = #private::linkme)]
        static __SLO_LINK: &'static #private::Endpoint = &__SLO_ENDPOINT;
    }
}

/// The endpoint alone, found by nobody but who names it.
pub(super) fn endpoint(private: &TokenStream) -> TokenStream {
    quote! {
        static __SLO_ENDPOINT: #private::Endpoint = #private::Endpoint::new(&__SLO_DECLARATION);
    }
}
