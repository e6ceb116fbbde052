//! What the return type says about the body of the answer.
//!
//! Only words can be seen here, never what they stand for, so this recognises the types that
//! axum, tonic and their friends are used with, and says nothing of all others.

use crate::model::Answer;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, ReturnType, Type};

/// Answers that are there as a whole before they are sent.
const WHOLE: [&str; 7] = [
    "Json",
    "Html",
    "String",
    "StatusCode",
    "Bytes",
    "Redirect",
    "NoContent",
];

/// What a return type says.
pub(super) fn from_return_type(output: &ReturnType) -> Answer {
    let ReturnType::Type(_, output) = output else {
        return Answer::Unknown;
    };
    if names_stream(output.to_token_stream()) {
        return Answer::Stream;
    }
    match is_whole(output) {
        true => Answer::Whole,
        false => Answer::Unknown,
    }
}

/// True where a word of the type is a stream: `Sse`, `BoxStream`, `Self::ListStream`, or the trait
/// itself.
fn names_stream(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => {
            let word = word.to_string();
            word == "Sse" || word == "Streaming" || word.ends_with("Stream")
        }
        TokenTree::Group(group) => names_stream(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// True where the answer, or that of success, is one of the whole ones.
fn is_whole(output: &Type) -> bool {
    match output {
        Type::Paren(inner) => is_whole(&inner.elem),
        Type::Group(inner) => is_whole(&inner.elem),
        Type::Reference(to) => matches!(&*to.elem, Type::Path(path) if path.path.is_ident("str")),
        // The body is the last part of a tuple, after the status and headers.
        Type::Tuple(parts) => parts.elems.last().is_some_and(is_whole),
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else {
                return false;
            };
            let word = last.ident.to_string();
            match (&last.arguments, word.as_str()) {
                (PathArguments::AngleBracketed(arguments), "Result") => arguments
                    .args
                    .iter()
                    .find_map(|argument| match argument {
                        GenericArgument::Type(good) => Some(is_whole(good)),
                        _ => None,
                    })
                    .unwrap_or(false),
                (_, word) => WHOLE.contains(&word),
            }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(signature: &str) -> Answer {
        let signature: syn::Signature = syn::parse_str(signature).expect("a signature");
        from_return_type(&signature.output)
    }

    #[test]
    fn streams_are_recognised_by_their_words() {
        for signature in [
            "async fn f() -> Sse<impl Stream<Item = Event>>",
            "async fn f() -> axum::response::Sse<EventStream>",
            "async fn f(&self) -> Result<Response<Self::ListStream>, Status>",
            "fn f<'a>() -> Pin<Box<dyn Future<Output = Result<Response<Self::ListStream>, Status>> + Send + 'a>>",
            "async fn f() -> Body<ReaderStream<File>>",
        ] {
            assert!(answer(signature) == Answer::Stream, "{signature}");
        }
    }

    #[test]
    fn whole_answers_are_those_that_are_known() {
        for signature in [
            "async fn f() -> Json<Order>",
            "async fn f() -> Result<axum::Json<Order>, AppError>",
            "async fn f() -> Result<(StatusCode, Json<Order>), StreamError>",
            "async fn f() -> &'static str",
            "fn f() -> (String)",
        ] {
            assert!(answer(signature) == Answer::Whole, "{signature}");
        }
    }

    #[test]
    fn of_all_others_nothing_is_said() {
        for signature in [
            "async fn f()",
            "async fn f() -> impl IntoResponse",
            "async fn f() -> Response",
            "async fn f() -> Result<Response<Order>, Status>",
            "async fn f() -> Result<Response, Json<Problem>>",
            "async fn f() -> Streams",
        ] {
            assert!(answer(signature) == Answer::Unknown, "{signature}");
        }
    }
}
