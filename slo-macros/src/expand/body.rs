//! The user's body inside the call that measures it.

use super::erase;
use crate::model::{Arguments, Function, Per, Shape};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{ReturnType, Type, spanned::Spanned};

/// The expression that runs the body and counts it for `__SLO_ENDPOINT`.
///
/// A body that may leave early (`return`, `?`) is a block or closure of its own, so that
/// every way out passes the measurement. Closures and blocks take what they use from the
/// arguments with them, as the body of the function would have.
pub(super) fn measured(
    private: &TokenStream,
    arguments: &Arguments,
    function: &Function,
) -> TokenStream {
    // Hygienic, so that neither variable is seen by the user's body.
    let at = Span::mixed_site();
    let judge = judge(private, arguments, function);
    match &function.shape {
        Shape::Async { body } => {
            let edge = return_edge(&function.signature.output);
            let block = block(function, &quote!(#edge #body));
            quote_spanned! {at=>
                let future = async move #block;
                #private::annotate(&__SLO_ENDPOINT, future, #judge).await
            }
        }
        Shape::Pinned {
            before,
            pin,
            future,
        } => quote_spanned! {at=>
            #before
            #pin(#private::annotate(&__SLO_ENDPOINT, #future, #judge))
        },
        Shape::Future { output, body } => {
            let made = made(output, &block(function, body));
            quote_spanned!(at=> #private::annotate(&__SLO_ENDPOINT, #made, #judge))
        }
        Shape::Boxed { output, body } => {
            let made = made(output, &block(function, body));
            quote_spanned!(at=> ::std::boxed::Box::pin(#private::annotate(&__SLO_ENDPOINT, #made, #judge)))
        }
        Shape::Sync { body } => {
            let output = match &function.signature.output {
                ReturnType::Default => quote!(()),
                ReturnType::Type(_, output) => {
                    let output = erase::opaque(output);
                    quote!(#output)
                }
            };
            let block = block(function, body);
            quote_spanned!(at=> #private::run(&__SLO_ENDPOINT, move || -> #output #block, #judge))
        }
    }
}

/// What asks the value; at the return type, which is at fault where the value can't be asked.
fn judge(private: &TokenStream, arguments: &Arguments, function: &Function) -> TokenStream {
    let output = match &function.signature.output {
        // Never asked, and its question would make a guess at the type of the value.
        ReturnType::Type(_, output) if matches!(**output, Type::Never(_)) => {
            return quote!(#private::nothing);
        }
        ReturnType::Type(_, output) => output.span(),
        ReturnType::Default => Span::call_site(),
    };
    let at = Span::mixed_site().located_at(output);
    let is_call = arguments.every.is_some() || arguments.per == Per::Call;
    let success = is_call.then(|| quote_spanned!(at=> , must_tell_success));
    let is_sync = matches!(function.shape, Shape::Sync { .. });
    let done = is_sync.then(|| quote_spanned!(at=> , must_be_done));
    quote_spanned!(at=> |value| #private::judge!(value #success #done))
}

/// The body as the user wrote it.
pub(super) fn as_written(function: &Function) -> TokenStream {
    match &function.shape {
        Shape::Async { body }
        | Shape::Future { body, .. }
        | Shape::Boxed { body, .. }
        | Shape::Sync { body } => body.clone(),
        Shape::Pinned {
            before,
            pin,
            future,
        } => quote!(#before #pin(#future)),
    }
}

/// The future a body makes, whichever way it leaves.
fn made(output: &Type, block: &TokenStream) -> TokenStream {
    let output = erase::opaque(output);
    quote!((move || -> #output #block)())
}

/// The body in the user's own braces: that is where the compiler points if its last
/// expression is missing.
fn block(function: &Function, body: &TokenStream) -> TokenStream {
    let mut block = TokenStream::new();
    function
        .braces
        .surround(&mut block, |tokens| tokens.extend(body.clone()));
    block
}

/// A way out that is never taken, which tells the compiler at the start of an `async` block
/// what it returns, as the signature does for an `async fn`: `?` and `collect()` need it.
///
/// It has no unreachable code in it, so no lint needs to be switched off.
fn return_edge(output: &ReturnType) -> TokenStream {
    let output = match output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, output) => match erase::opaque(output) {
            // `Option<!>` is not stable, and there is nothing to infer.
            Type::Never(_) | Type::Infer(_) => return TokenStream::new(),
            output => quote!(#output),
        },
    };
    quote_spanned! {Span::mixed_site()=>
        if let ::core::option::Option::Some(value) = ::core::option::Option::<#output>::None {
            return value;
        }
    }
}
