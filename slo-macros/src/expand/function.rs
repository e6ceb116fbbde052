//! The annotated function as a whole.

use super::{
    body,
    declaration::{self, Place},
    statics,
};
use crate::model::{Annotation, Function};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;

/// The function with everything its annotation adds.
pub(crate) fn function(annotation: &Annotation) -> TokenStream {
    let sdk = &annotation.arguments.sdk;
    let private = quote!(#sdk::__private);
    let Function {
        attributes,
        visibility,
        signature,
        braces,
        inner_attributes,
        ..
    } = &annotation.function;
    let place = Place {
        function: signature.ident.unraw().to_string(),
        span: signature.ident.span(),
        answer: annotation.function.answer,
    };
    let Annotation {
        arguments, name, ..
    } = annotation;
    let body = if cfg!(feature = "off") {
        let check = declaration::check(&private, arguments, name, &place);
        let body = body::as_written(&annotation.function);
        quote!(#check #body)
    } else {
        let declaration = declaration::declaration(&private, arguments, name, &place);
        let statics = statics::statics(&private);
        let body = body::measured(&private, arguments, &annotation.function);
        quote!(#declaration #statics #body)
    };
    let mut tokens = quote!(#(#attributes)* #visibility #signature);
    braces.surround(&mut tokens, |tokens| {
        for attribute in inner_attributes {
            attribute.to_tokens(tokens);
        }
        body.to_tokens(tokens);
    });
    tokens
}
