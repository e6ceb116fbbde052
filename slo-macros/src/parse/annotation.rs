//! The annotation as a whole.

use super::{arguments, function, name};
use crate::model::Annotation;
use proc_macro2::TokenStream;
use syn::parse::Parser;

/// Reads the arguments and the function they stand on, and reports what is wrong with
/// either of them at once.
pub(crate) fn annotation(arguments: TokenStream, item: TokenStream) -> syn::Result<Annotation> {
    let arguments = arguments::parse.parse2(arguments);
    let function = function::parse.parse2(item);
    match (arguments, function) {
        (Ok(arguments), Ok(function)) => Ok(Annotation {
            name: match &arguments.name {
                Some(name) => name.clone(),
                None => name::of_function(&function.signature.ident)?,
            },
            arguments,
            function,
        }),
        (Err(mut error), Err(other)) => {
            error.combine(other);
            Err(error)
        }
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    fn messages(arguments: TokenStream, item: TokenStream) -> Vec<String> {
        match annotation(arguments, item) {
            Ok(_) => Vec::new(),
            Err(error) => error.into_iter().map(|e| e.to_string()).collect(),
        }
    }

    #[test]
    fn both_halves_are_reported() {
        let found = messages(
            quote!(jorney = A, journey = A),
            quote!(
                struct S;
            ),
        );
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("did you mean `journey`"));
        assert!(found[1].contains("struct"));
    }

    #[test]
    fn half_typed_body_is_no_error_here() {
        let item = quote!(
            async fn cart() {
                let x = foo.
            }
        );
        assert_eq!(messages(quote!(journey = A), item), Vec::<String>::new());
    }
}
