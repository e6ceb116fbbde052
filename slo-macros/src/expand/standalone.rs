//! An endpoint that stands on no function, as an expression.

use super::{
    declaration::{self, Place},
    statics,
};
use crate::model::{Answer, Standalone};
use proc_macro2::{Span, TokenStream};
use quote::quote;

/// A block with the value `&'static Endpoint`.
pub(crate) fn standalone(endpoint: &Standalone) -> TokenStream {
    let Standalone { arguments, name } = endpoint;
    let sdk = &arguments.sdk;
    let private = quote!(#sdk::__private);
    let place = Place {
        function: String::new(),
        span: Span::call_site(),
        answer: Answer::Unknown,
    };
    let declaration = declaration::declaration(&private, arguments, name, &place);
    let statics = if cfg!(feature = "off") {
        statics::endpoint(&private)
    } else {
        statics::statics(&private)
    };
    quote!({
        #declaration
        #statics
        &__SLO_ENDPOINT
    })
}
