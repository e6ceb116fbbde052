//! The name of a service.

use crate::model::Service;
use proc_macro2::{Span, TokenStream};
use syn::{Error, Path, Token, parse::ParseStream, parse::Parser, parse_quote};

/// Reads the name, and where the SDK is found.
pub(crate) fn service(input: TokenStream) -> syn::Result<Service> {
    parse.parse2(input)
}

fn parse(input: ParseStream<'_>) -> syn::Result<Service> {
    const RULE: &str = "a service is named by a text or a constant, such as `service!(\"orders\")`";
    if input.is_empty() {
        return Err(Error::new(Span::call_site(), RULE));
    }
    let start = input.span();
    let name = input.parse().map_err(|_| Error::new(start, RULE))?;
    let mut sdk: Path = parse_quote!(::slo_sdk);
    if !input.is_empty() {
        input.parse::<Token![,]>().map_err(|_| input.error(RULE))?;
    }
    if input.peek(Token![crate]) {
        input.parse::<Token![crate]>()?;
        input.parse::<Token![=]>()?;
        sdk = input.call(Path::parse_mod_style)?;
        input.parse::<Option<Token![,]>>()?;
    }
    match input.is_empty() {
        true => Ok(Service { sdk, name }),
        false => Err(input.error("a service has one name; only `crate = path` may follow it")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::{ToTokens, quote};

    #[test]
    fn a_name_is_an_expression() {
        for (input, sdk) in [
            (quote!("orders"), ":: slo_sdk"),
            (quote!("orders",), ":: slo_sdk"),
            (quote!(names::ORDERS), ":: slo_sdk"),
            (quote!(NAME, crate = platform::slo), "platform :: slo"),
            (quote!(NAME, crate = platform::slo,), "platform :: slo"),
        ] {
            let service = service(input).unwrap();
            assert_eq!(service.sdk.to_token_stream().to_string(), sdk);
        }
    }

    #[test]
    fn whatever_else_stands_there_is_refused() {
        for (input, sentence) in [
            (quote!(), "a service is named by"),
            (quote!(= "orders"), "a service is named by"),
            (quote!("orders" "stock"), "a service is named by"),
            (quote!("orders", "stock"), "a service has one name"),
            (quote!("orders", name = "stock"), "a service has one name"),
        ] {
            let error = service(input.clone()).err().map(|error| error.to_string());
            assert!(
                error.is_some_and(|error| error.starts_with(sentence)),
                "{input}"
            );
        }
    }
}
