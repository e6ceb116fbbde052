//! What an annotation says, once it is parsed: the hand-over from `parse` to `expand`.
//!
//! Everything that can be refused by looking at tokens has been refused when an
//! [`Annotation`] exists, so expanding one can't fail.

use proc_macro2::{Span, TokenStream};
use std::time::Duration;
use syn::{Attribute, Expr, Path, Signature, Type, Visibility, token::Brace};

/// An annotation and the function it stands on.
pub(crate) struct Annotation {
    pub(crate) arguments: Arguments,
    pub(crate) function: Function,
    /// The name of the endpoint; made from the function's where none is given.
    pub(crate) name: Expr,
}

/// An endpoint that is not a function: `endpoint!(…)`.
pub(crate) struct Standalone {
    pub(crate) arguments: Arguments,
    pub(crate) name: Expr,
}

/// The name of a service: `service!(…)`.
pub(crate) struct Service {
    /// Where the SDK is found.
    pub(crate) sdk: Path,
    pub(crate) name: Expr,
}

/// What stands in the parentheses.
pub(crate) struct Arguments {
    /// Where the SDK is found.
    pub(crate) sdk: Path,
    pub(crate) journey: Expr,
    pub(crate) name: Option<Expr>,
    pub(crate) route: Option<Expr>,
    pub(crate) objectives: Option<Expr>,
    pub(crate) availability: Option<Written<Ppb>>,
    pub(crate) latencies: Vec<Latency>,
    pub(crate) window: Option<Written<Days>>,
    pub(crate) until: Until,
    pub(crate) good_status: Option<Expr>,
    pub(crate) bad_status: Option<Expr>,
    pub(crate) per: Per,
    pub(crate) every: Option<Written<Duration>>,
    pub(crate) description: Option<Expr>,
    pub(crate) runbook: Option<Expr>,
    /// A text, or a list of texts.
    pub(crate) formerly: Option<Expr>,
}

/// A value in one of the two notations.
pub(crate) enum Written<T> {
    /// In the notation of the attribute, such as `99.9%`; it is in range.
    Literally(T, Span),
    /// As a constant expression; the compiler checks it.
    Constant(Box<Expr>),
}

/// A share in parts per billion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ppb(pub(crate) u32);

/// The length of a rolling window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Days(pub(crate) u16);

/// A latency objective.
pub(crate) enum Latency {
    /// `99% < 500ms`, with a name where there are several.
    Stated {
        name: Option<Box<Expr>>,
        target: Written<Ppb>,
        threshold: Written<Duration>,
    },
    /// A constant expression that is the whole objective.
    Constant(Box<Expr>),
}

/// What latency is measured until.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Until {
    Body,
    Headers,
}

/// What one event is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Per {
    Request,
    Call,
}

/// What is known of the body of the answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Unknown,
    Whole,
    Stream,
}

/// The annotated function. Its body stays tokens, so that one that is only half typed does
/// not hide the function from an editor.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    pub(crate) braces: Brace,
    /// `#![…]` at the start of the body.
    pub(crate) inner_attributes: Vec<Attribute>,
    pub(crate) shape: Shape,
    /// What its return type says about the answer.
    pub(crate) answer: Answer,
}

/// How the work of a function is reached, which decides where it is measured.
pub(crate) enum Shape {
    /// `async fn`.
    Async { body: TokenStream },
    /// `Box::pin(future)` is the last expression, as `async_trait` writes it: the future in
    /// the box is measured, which saves a second box.
    Pinned {
        before: TokenStream,
        /// `Box::pin`, as it was written.
        pin: Box<Expr>,
        future: Box<Expr>,
    },
    /// The function returns an opaque future.
    Future { output: Type, body: TokenStream },
    /// The function returns a future in a pinned box.
    Boxed { output: Type, body: TokenStream },
    /// The function does its work before it returns.
    Sync { body: TokenStream },
}
