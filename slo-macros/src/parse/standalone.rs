//! An endpoint that stands on no function.

use super::arguments;
use crate::model::Standalone;
use proc_macro2::TokenStream;
use syn::{Error, parse::Parser};

/// Reads the arguments; there is no function to take a name from.
pub(crate) fn standalone(input: TokenStream) -> syn::Result<Standalone> {
    let arguments = arguments::parse.parse2(input)?;
    match arguments.name.clone() {
        Some(name) => Ok(Standalone { arguments, name }),
        None => Err(Error::new_spanned(
            &arguments.journey,
            "`name` is missing: an endpoint that is not a function needs one, such as `endpoint!(name = \"consume-order\", journey = …)`",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn a_name_is_needed() {
        assert!(standalone(quote!(journey = A, name = "consume-order")).is_ok());
        let error = standalone(quote!(journey = A))
            .err()
            .map(|error| error.to_string());
        assert!(error.is_some_and(|error| error.starts_with("`name` is missing")));
    }
}
