//! Where the compiler points when a value turns out to be wrong.
//!
//! The checks of `slo-model` run in constant evaluation, and the compiler reports a failed
//! one at the call. So the calls the macro writes are placed where the user wrote the
//! value. Only their place is the user's: they still resolve, and are linted, as the
//! macro's own code.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// From the first to the last token of something the user wrote. Stable Rust can't join
/// spans, but the compiler does when it parses an expression that starts at one and ends
/// at the other.
#[derive(Clone, Copy)]
pub(super) struct Caret {
    start: Span,
    end: Span,
}

impl Caret {
    /// At these tokens.
    pub(super) fn at(tokens: &impl ToTokens) -> Caret {
        let mut spans = tokens.to_token_stream().into_iter().map(|t| t.span());
        let start = spans.next().unwrap_or_else(Span::call_site);
        Caret {
            start,
            end: spans.last().unwrap_or(start),
        }
    }

    /// At this span.
    pub(super) fn at_span(span: Span) -> Caret {
        Caret {
            start: span,
            end: span,
        }
    }

    /// `path(arguments)`, placed here.
    pub(super) fn call(self, path: &TokenStream, arguments: &TokenStream) -> TokenStream {
        let path = placed(path, self.start);
        let mut arguments = Group::new(Delimiter::Parenthesis, arguments.clone());
        // The same hygiene as the path: the compiler only joins spans of one kind.
        arguments.set_span(Span::call_site().located_at(self.end));
        quote!(#path #arguments)
    }

    /// Any tokens, placed here.
    pub(super) fn place(self, tokens: &TokenStream) -> TokenStream {
        placed(tokens, self.start)
    }
}

fn placed(tokens: &TokenStream, at: Span) -> TokenStream {
    tokens
        .clone()
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(group) => {
                let mut moved = Group::new(group.delimiter(), placed(&group.stream(), at));
                moved.set_span(group.span().located_at(at));
                TokenTree::Group(moved)
            }
            mut token => {
                token.set_span(token.span().located_at(at));
                token
            }
        })
        .collect()
}
