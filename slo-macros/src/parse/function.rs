//! The item the annotation stands on.

use super::{answer, shape};
use crate::model::Function;
use syn::{
    Attribute, Error, Signature, Token, Visibility, braced, ext::IdentExt, parse::ParseStream,
};

/// Reads a function without looking into its body, and refuses what can't be measured.
pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Function> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility: Visibility = input.parse()?;
    refuse_other_items(input)?;
    let signature: Signature = input.parse()?;
    if input.peek(Token![;]) {
        return Err(input.error(
            "`#[slo]` measures a body, and a declaration has none; put it on the method of the `impl`",
        ));
    }
    refuse_unmeasurable(&signature)?;
    refuse_main(&signature)?;
    let content;
    let braces = braced!(content in input);
    let inner_attributes = content.call(Attribute::parse_inner)?;
    let body = content.parse()?;
    let shape = shape::parse(&signature, body)?;
    let answer = answer::from_return_type(&signature.output);
    Ok(Function {
        attributes,
        visibility,
        signature,
        braces,
        inner_attributes,
        shape,
        answer,
    })
}

fn refuse_other_items(input: ParseStream<'_>) -> syn::Result<()> {
    let fork = input.fork();
    let Ok(word) = fork.call(syn::Ident::parse_any) else {
        return Err(input.error("`#[slo]` stands on a function"));
    };
    let word = word.to_string();
    let message = match word.as_str() {
        "impl" | "trait" => {
            format!("`#[slo]` stands on a function; put it on the methods in this `{word}`")
        }
        "mod" => "`#[slo]` stands on a function; put it on the functions in this `mod`".to_owned(),
        "const" | "static" if !is_function(&fork) => {
            format!("`#[slo]` stands on a function, not on a `{word}`")
        }
        "struct" | "enum" | "union" | "type" | "use" | "macro_rules" | "let" => {
            format!("`#[slo]` stands on a function, not on a `{word}`")
        }
        _ => return Ok(()),
    };
    Err(input.error(message))
}

/// True where words such as `const unsafe extern "C"` lead up to `fn`.
fn is_function(after_first: ParseStream<'_>) -> bool {
    let words = after_first;
    while !words.is_empty() {
        if words.peek(Token![fn]) {
            return true;
        }
        if words.parse::<syn::LitStr>().is_err()
            && !matches!(words.call(syn::Ident::parse_any),
                Ok(word) if word == "async" || word == "unsafe" || word == "extern")
        {
            return false;
        }
    }
    false
}

fn refuse_unmeasurable(signature: &Signature) -> syn::Result<()> {
    if let Some(token) = &signature.constness {
        return Err(Error::new(
            token.span,
            "a `const fn` can't be measured: it may run in the compiler, where there is no clock; annotate the function that calls it",
        ));
    }
    if let Some(token) = &signature.unsafety {
        return Err(Error::new(
            token.span,
            "an `unsafe fn` can't be measured: its body would move into a closure, away from the contract of its caller; annotate a safe function that calls it",
        ));
    }
    if let Some(abi) = &signature.abi {
        return Err(Error::new(
            abi.extern_token.span,
            "a function with a foreign ABI can't be measured: a panic must not be observed across it; annotate a Rust function that it calls",
        ));
    }
    Ok(())
}

fn refuse_main(signature: &Signature) -> syn::Result<()> {
    if signature.ident == "main" && signature.inputs.is_empty() {
        return Err(Error::new(
            signature.ident.span(),
            "`main` can't be measured: its event would end after the export did, and that of a server only with the process; annotate the function that does the work, and call it in `main`",
        ));
    }
    Ok(())
}
