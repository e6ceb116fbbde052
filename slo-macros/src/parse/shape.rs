//! Where the work of a function is done, told from its signature and its last expression.
//!
//! A future that is measured as if it were a plain value would count as instantly good, so
//! a return type that looks like a future of an unknown kind is refused rather than
//! guessed.

use crate::model::Shape;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Block, Error, Expr, GenericArgument, PathArguments, PathSegment, ReturnType, Signature, Stmt,
    Type, TypeParamBound, parse::Parser, punctuated::Punctuated, spanned::Spanned,
};

/// The shape of a function with this signature and body.
pub(super) fn parse(signature: &Signature, body: TokenStream) -> syn::Result<Shape> {
    if signature.asyncness.is_some() {
        return Ok(Shape::Async { body });
    }
    let ReturnType::Type(_, output) = &signature.output else {
        return Ok(Shape::Sync { body });
    };
    let returned = Returned::from_type(output);
    if let Some(shape) = pinned_tail(&body, &returned) {
        return Ok(shape);
    }
    let output = (**output).clone();
    match returned {
        Returned::Future => Ok(Shape::Future { output, body }),
        Returned::PinnedBox => Ok(Shape::Boxed { output, body }),
        Returned::Value => Ok(Shape::Sync { body }),
        Returned::Unknown => Err(Error::new(
            output.span(),
            "this looks like a future, and `#[slo]` can't see how to measure it; write `-> impl Future<Output = …>` or `-> Pin<Box<dyn Future<Output = …>>>`, or make it an `async fn`",
        )),
    }
}

/// What a return type says about the work behind it.
enum Returned {
    /// `impl Future`.
    Future,
    /// `Pin<Box<dyn Future>>` or the aliases the `futures` crates have for it.
    PinnedBox,
    /// Some other type called a future.
    Unknown,
    /// Anything else.
    Value,
}

impl Returned {
    fn from_type(output: &Type) -> Returned {
        match output {
            Type::Group(group) => Returned::from_type(&group.elem),
            Type::Paren(paren) => Returned::from_type(&paren.elem),
            Type::ImplTrait(opaque) => match future_bound(&opaque.bounds) {
                Some(true) => Returned::Future,
                Some(false) => Returned::Unknown,
                None => Returned::Value,
            },
            Type::Path(path) => match path.path.segments.last() {
                Some(last) if last.ident == "BoxFuture" || last.ident == "LocalBoxFuture" => {
                    Returned::PinnedBox
                }
                Some(last) if last.ident == "Pin" && boxes_future(argument(last)) => {
                    Returned::PinnedBox
                }
                Some(last) if is_future_name(last) || holds_future(argument(last)) => {
                    Returned::Unknown
                }
                _ => Returned::Value,
            },
            _ => Returned::Value,
        }
    }
}

/// Whether one of the bounds is `Future` itself, or something else called so.
fn future_bound<P>(bounds: &Punctuated<TypeParamBound, P>) -> Option<bool> {
    bounds
        .iter()
        .filter_map(|bound| match bound {
            TypeParamBound::Trait(bound) => bound.path.segments.last(),
            _ => None,
        })
        .filter(|last| is_future_name(last))
        .map(|last| last.ident == "Future")
        .max()
}

fn is_future_name(segment: &PathSegment) -> bool {
    let name = segment.ident.to_string();
    name.ends_with("Future") || name.ends_with("Fut")
}

/// `Box<dyn Future>` and `Box<impl Future>`.
fn boxes_future(inner: Option<&Type>) -> bool {
    match inner {
        Some(Type::Path(path)) => path
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident == "Box" && holds_future(argument(last))),
        _ => false,
    }
}

/// `dyn Future` and `impl Future`.
fn holds_future(inner: Option<&Type>) -> bool {
    match inner {
        Some(Type::TraitObject(object)) => future_bound(&object.bounds).is_some(),
        Some(Type::ImplTrait(opaque)) => future_bound(&opaque.bounds).is_some(),
        _ => false,
    }
}

fn argument(segment: &PathSegment) -> Option<&Type> {
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().find_map(|a| match a {
            GenericArgument::Type(inner) => Some(inner),
            _ => None,
        }),
        _ => None,
    }
}

/// The body as `Box::pin(future)` with what stands before it.
fn pinned_tail(body: &TokenStream, returned: &Returned) -> Option<Shape> {
    let mut statements = Block::parse_within.parse2(body.clone()).ok()?;
    let Some(Stmt::Expr(Expr::Call(call), None)) = statements.pop() else {
        return None;
    };
    let Expr::Path(pin) = &*call.func else {
        return None;
    };
    let mut segments = pin.path.segments.iter().rev().map(|segment| &segment.ident);
    if segments.next()? != "pin" || segments.next()? != "Box" || call.args.len() != 1 {
        return None;
    }
    let future = call.args.into_iter().next()?;
    // Other arguments are futures only if the signature says so: `Pin<Box<dyn Stream>>`.
    if !matches!(future, Expr::Async(_)) && !matches!(returned, Returned::PinnedBox) {
        return None;
    }
    let before: TokenStream = statements.iter().map(Stmt::to_token_stream).collect();
    // A `return` before it would leave with a future that nobody measures.
    (!returns(before.clone())).then_some(Shape::Pinned {
        before,
        pin: call.func,
        future: Box::new(future),
    })
}

fn returns(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "return",
        TokenTree::Group(group) => returns(group.stream()),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    fn shape(function: &str) -> &'static str {
        let (signature, body) = function.split_once('{').unwrap();
        let signature: Signature = syn::parse_str(signature).unwrap();
        let body: TokenStream = body.strip_suffix('}').unwrap().parse().unwrap();
        match parse(&signature, body) {
            Ok(Shape::Async { .. }) => "async",
            Ok(Shape::Pinned { .. }) => "pinned",
            Ok(Shape::Future { .. }) => "future",
            Ok(Shape::Boxed { .. }) => "boxed",
            Ok(Shape::Sync { .. }) => "sync",
            Err(_) => "refused",
        }
    }

    #[test]
    fn shapes_are_recognised() {
        for (function, expected) in [
            ("async fn f() -> BoxFuture<'static, ()> {}", "async"),
            ("fn f() {}", "sync"),
            ("fn f() -> FuturesContract {}", "sync"),
            ("fn f() -> impl Iterator<Item = u8> {}", "sync"),
            (
                "fn f() -> Pin<Box<dyn Stream>> { Box::pin(stream) }",
                "sync",
            ),
            (
                "fn f() -> impl Send + std::future::Future<Output = u8> {}",
                "future",
            ),
            (
                "fn f() -> Pin<Box<dyn Future<Output = u8> + Send + 'a>> { g() }",
                "boxed",
            ),
            (
                "fn f() -> ::core::pin::Pin<Box<dyn Future>> { let a = 1; Box::pin(async move { a }) }",
                "pinned",
            ),
            (
                "fn f() -> Pin<Box<dyn Future>> { if x { return g(); } Box::pin(async {}) }",
                "boxed",
            ),
            ("fn f() -> Pin<Box<impl Future>> { g() }", "boxed"),
            ("fn f() -> BoxFuture<'a, u8> { g().boxed() }", "boxed"),
            (
                "fn f() -> BoxFuture<'a, u8> { ::std::boxed::Box::pin(g()) }",
                "pinned",
            ),
            ("fn f() -> Mine { Box::pin(async {}) }", "pinned"),
            ("fn f() -> ResponseFuture<u8> { g() }", "refused"),
            (
                "fn f() -> Box<dyn Future<Output = u8> + Unpin> { g() }",
                "refused",
            ),
            ("fn f() -> impl IntoFuture { g() }", "refused"),
        ] {
            assert_eq!(shape(function), expected, "{function}");
        }
    }

    #[test]
    fn returns_are_found_at_any_depth() {
        assert!(returns(quote!(if a {
            b(|| return)
        })));
        assert!(!returns(quote!(let returned = 1;)));
    }
}
