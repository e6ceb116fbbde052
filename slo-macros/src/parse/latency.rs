//! `99% < 500ms`, or a constant expression of type `Latency`.

use super::{span_of_time, target};
use crate::model::{Latency, Ppb, Written};
use proc_macro2::Span;
use quote::ToTokens;
use syn::{
    BinOp, Error, Expr, LitStr, Token,
    parse::{ParseStream, Parser},
    spanned::Spanned,
};

const WAY_OUT: &str = "a latency objective is written `99% < 500ms`";

/// What `latency = …` holds.
pub(super) fn unnamed(input: ParseStream<'_>) -> syn::Result<Latency> {
    objective(input, None, "latency = ", " < 500ms")
}

/// What stands in the parentheses of `latency("typical", 50% < 100ms)`.
pub(super) fn named(input: ParseStream<'_>) -> syn::Result<Latency> {
    if !input.peek(LitStr) && (input.peek(syn::Lit) || input.is_empty()) {
        return Err(input.error(
            "the name of the objective comes first: `latency(\"typical\", 50% < 100ms)`; without a name it is `latency = 50% < 100ms`",
        ));
    }
    let name: Box<Expr> = input.parse()?;
    if input.is_empty() {
        return Err(Error::new(
            name.span(),
            "the objective is missing: `latency(\"typical\", 50% < 100ms)`",
        ));
    }
    input.parse::<Token![,]>()?;
    let objective = objective(input, Some(name), "latency(\"typical\", ", " < 100ms)")?;
    input.parse::<Option<Token![,]>>()?;
    match input.is_empty() {
        true => Ok(objective),
        false => Err(input.error("expected `)` after one latency objective")),
    }
}

fn objective(
    input: ParseStream<'_>,
    name: Option<Box<Expr>>,
    before: &str,
    after: &str,
) -> syn::Result<Latency> {
    if let Some(target) = target::literal(input, before, after)? {
        less_than(input, target_span(&target))?;
        let threshold = span_of_time::threshold(input)?;
        return Ok(Latency::Stated {
            name,
            target,
            threshold,
        });
    }
    let expression = input.parse::<Expr>()?;
    match expression {
        // No value of type `Latency` is a comparison, so this can only be the notation with
        // a constant for the target.
        Expr::Binary(comparison) => match comparison.op {
            BinOp::Lt(_) => Ok(Latency::Stated {
                name,
                target: Written::Constant(comparison.left),
                threshold: span_of_time::threshold.parse2(comparison.right.into_token_stream())?,
            }),
            op @ (BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_)) => Err(not_less(op.span())),
            _ => constant(name.as_deref(), Expr::Binary(comparison)),
        },
        other => constant(name.as_deref(), other),
    }
}

fn constant(name: Option<&Expr>, expression: Expr) -> syn::Result<Latency> {
    match name {
        None => Ok(Latency::Constant(Box::new(expression))),
        Some(_) => Err(Error::new(
            expression.span(),
            "a constant of type `Latency` has its name already: write `latency = …`, or target and threshold here: `latency(\"typical\", 50% < 100ms)`",
        )),
    }
}

fn target_span(target: &Written<Ppb>) -> Span {
    match target {
        Written::Literally(_, span) => *span,
        Written::Constant(expression) => expression.span(),
    }
}

fn less_than(input: ParseStream<'_>, target: Span) -> syn::Result<()> {
    if input.peek(Token![<=]) {
        return Err(not_less(input.parse::<Token![<=]>()?.span()));
    }
    if input.peek(Token![>]) {
        return Err(not_less(input.parse::<Token![>]>()?.span()));
    }
    if input.peek(Token![<]) {
        input.parse::<Token![<]>()?;
        return Ok(());
    }
    Err(Error::new(
        target,
        format!("the threshold is missing: {WAY_OUT}"),
    ))
}

fn not_less(span: Span) -> Error {
    Error::new(
        span,
        format!(
            "{WAY_OUT}, with `<`; an event that takes just as long as the threshold is in time"
        ),
    )
}
