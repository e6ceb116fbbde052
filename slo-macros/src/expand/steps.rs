//! Statements that evaluate what the user wrote, in constant evaluation.
//!
//! The variables are hygienic: no name in the user's expressions can mean one of them.

use super::caret::Caret;
use crate::model::{Latency, Ppb, Written};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use std::time::Duration;
use syn::Expr;

/// Statements, each of which gives a variable a value.
pub(super) struct Steps<'a> {
    private: &'a TokenStream,
    tokens: TokenStream,
}

impl<'a> Steps<'a> {
    /// None yet; `private` is where the SDK keeps what they name.
    pub(super) fn new(private: &'a TokenStream) -> Steps<'a> {
        Steps {
            private,
            tokens: TokenStream::new(),
        }
    }

    /// The statements.
    pub(super) fn finish(self) -> TokenStream {
        self.tokens
    }

    /// An expression for its effect.
    pub(super) fn run(&mut self, expression: &TokenStream) {
        self.tokens.extend(quote!(#expression;));
    }

    /// A variable of this type with the value of the user's expression.
    pub(super) fn bind(&mut self, name: &str, ty: &str, expression: &Expr) {
        let path = self.path(ty);
        let ty = Caret::at(expression).place(&path);
        let name = variable(name);
        self.tokens.extend(quote!(let #name: #ty = #expression;));
    }

    /// The same for a text.
    pub(super) fn bind_text(&mut self, name: &str, expression: &Expr) {
        let ty = Caret::at(expression).place(&quote!(&'static str));
        let name = variable(name);
        self.tokens.extend(quote!(let #name: #ty = #expression;));
    }

    /// The same for a list of status codes; one that is written out becomes a reference.
    pub(super) fn bind_codes(&mut self, name: &str, expression: &Expr) {
        let ty = Caret::at(expression).place(&quote!(&'static [u16]));
        let name = variable(name);
        let reference = matches!(expression, Expr::Array(_)).then(|| quote!(&));
        self.tokens
            .extend(quote!(let #name: #ty = const { #reference #expression };));
    }

    /// The same for a list of names; a single one and a list that is written out become a
    /// reference.
    pub(super) fn bind_names(&mut self, name: &str, expression: &Expr) {
        let ty = Caret::at(expression).place(&quote!(&'static [&'static str]));
        let name = variable(name);
        let list = match expression {
            Expr::Lit(_) | Expr::Macro(_) => quote!(&[#expression]),
            Expr::Array(_) => quote!(&#expression),
            _ => quote!(#expression),
        };
        self.tokens
            .extend(quote!(let #name: #ty = const { #list };));
    }

    /// A variable with a value of the macro's.
    pub(super) fn set(&mut self, name: &str, value: &TokenStream) {
        let name = variable(name);
        self.tokens.extend(quote!(let #name = #value;));
    }

    /// A variable with the result of a function of the model, called with variables.
    pub(super) fn call(&mut self, name: &str, caret: Caret, function: &str, arguments: &[&str]) {
        let arguments = arguments.iter().map(|name| variable(name));
        self.call_with(name, caret, function, &quote!(#(#arguments),*));
    }

    /// The same with any arguments.
    pub(super) fn call_with(
        &mut self,
        name: &str,
        caret: Caret,
        function: &str,
        arguments: &TokenStream,
    ) {
        let call = caret.call(&self.path(function), arguments);
        self.set(name, &call);
    }

    /// Leaves a target in `target`.
    pub(super) fn target(&mut self, target: &Written<Ppb>) -> Caret {
        match target {
            Written::Literally(Ppb(ppb), span) => {
                let caret = Caret::at_span(*span);
                self.call_with("target", caret, "Target::from_ppb", &quote!(#ppb));
                caret
            }
            Written::Constant(expression) => {
                self.bind("target", "Target", expression);
                Caret::at(expression)
            }
        }
    }

    /// Leaves a duration in the variable.
    pub(super) fn duration(&mut self, name: &str, duration: &Written<Duration>) -> Caret {
        match duration {
            Written::Literally(duration, span) => {
                let caret = Caret::at_span(*span);
                let (secs, nanos) = (duration.as_secs(), duration.subsec_nanos());
                self.call_with(name, caret, "Duration::new", &quote!(#secs, #nanos));
                caret
            }
            Written::Constant(expression) => {
                self.bind(name, "Duration", expression);
                Caret::at(expression)
            }
        }
    }

    /// Leaves a latency objective in `latency`.
    pub(super) fn latency(&mut self, latency: &Latency) -> Caret {
        match latency {
            Latency::Constant(expression) => {
                self.bind("latency", "Latency", expression);
                Caret::at(expression)
            }
            Latency::Stated {
                name,
                target,
                threshold,
            } => {
                self.target(target);
                let threshold = self.duration("threshold", threshold);
                // The check a name fails points at the name, all others at the threshold.
                let caret = match name {
                    Some(name) => {
                        self.bind_text("sli", name);
                        Caret::at(name)
                    }
                    None => {
                        self.set("sli", &quote!("latency"));
                        threshold
                    }
                };
                self.call(
                    "latency",
                    caret,
                    "Latency::exact",
                    &["sli", "target", "threshold"],
                );
                threshold
            }
        }
    }

    fn path(&self, path: &str) -> TokenStream {
        let private = self.private;
        let segments = path.split("::").map(|s| Ident::new(s, Span::call_site()));
        quote!(#private #(::#segments)*)
    }
}

/// The variable of this name.
pub(super) fn variable(name: &str) -> TokenStream {
    Ident::new(name, Span::mixed_site()).into_token_stream()
}
