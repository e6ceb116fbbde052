//! One file of Rust: its text, its syntax tree, and the places of one in the other.

use crate::{
    diagnostics::{Diagnostic, Location},
    input::{Folders, NamedBy, read_text},
};
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree, token_stream};
use std::{fmt, ops::Range, path::PathBuf};

/// Longest file that is read, in bytes.
const MAX_FILE_BYTES: u64 = 4 << 20;

/// Brackets within brackets, and tokens of one expression with all that is in it: what has more was
/// not written by people, and would take more stack than there is.
const MAX_DEPTH: usize = 200;
const MAX_RUN: usize = 20_000;

/// A file that could be parsed.
pub(super) struct SourceFile {
    /// Where it is, links followed.
    pub(super) path: PathBuf,
    /// The path as people are told it.
    pub(super) shown: String,
    pub(super) text: String,
    pub(super) ast: syn::File,
    /// What stands before the first token: a byte order mark, a line for the shell.
    start: usize,
}

impl SourceFile {
    /// Reads and parses a file that lies in one of these folders.
    pub(super) fn read(
        path: PathBuf,
        shown: String,
        within: &Folders,
    ) -> Result<SourceFile, Box<Diagnostic>> {
        let text = read_text(&path, MAX_FILE_BYTES, NamedBy::FileWithin(within));
        let text = text.map_err(|error| {
            unread(
                &format_args!("the file can't be read: {error}"),
                Location::file(&shown),
            )
        })?;
        SourceFile::parse(path, shown, text)
    }

    /// Parses a text as if it stood in a file.
    pub(super) fn parse(
        path: PathBuf,
        shown: String,
        text: String,
    ) -> Result<SourceFile, Box<Diagnostic>> {
        // It would be shown as it is in a diff.
        if text
            .chars()
            .any(|c| c.is_control() && !"\t\r\n".contains(c))
        {
            let what = "the file holds control characters, and is left as it is";
            return Err(unread(&what, Location::file(shown)));
        }
        let start = start_of_code(&text);
        let at = |span: Span| {
            let range = span.byte_range();
            Location::of_span(&shown, &text, range.start + start..range.end + start)
        };
        let tokens: TokenStream = text[start..]
            .parse()
            .map_err(|error: proc_macro2::LexError| unread(&error, at(error.span())))?;
        if let Err(span) = check_depth(tokens.clone()) {
            let what = "the code is nested too deeply to be looked at";
            return Err(unread(&what, at(span)));
        }
        let ast = syn::parse2(tokens).map_err(|error| unread(&error, at(error.span())))?;
        Ok(SourceFile {
            path,
            shown,
            text,
            ast,
            start,
        })
    }

    /// The bytes of something in the file.
    pub(super) fn range(&self, span: Span) -> Range<usize> {
        let range = span.byte_range();
        range.start + self.start..range.end + self.start
    }

    /// The same as people are told it.
    pub(super) fn location(&self, span: Span) -> Location {
        Location::of_span(&self.shown, &self.text, self.range(span))
    }

    /// What ends its lines.
    pub(super) fn line_end(&self) -> &'static str {
        match self.text.split_once('\n') {
            Some((line, _)) if line.ends_with('\r') => "\r\n",
            _ => "\n",
        }
    }

    /// Where the line of a place begins, and the white space it begins with.
    pub(super) fn line_of(&self, at: usize) -> (usize, &str) {
        let start = self.text[..at].rfind('\n').map_or(0, |at| at + 1);
        let line = &self.text[start..at];
        let indent = line.len() - line.trim_start().len();
        (start, &line[..indent])
    }
}

fn unread(what: &dyn fmt::Display, at: Location) -> Box<Diagnostic> {
    Box::new(Diagnostic::warning(format!("not looked at: {what}")).at_location(at))
}

fn start_of_code(text: &str) -> usize {
    let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let code = &text[mark..];
    let is_shell = code.starts_with("#!") && !code[2..].trim_start().starts_with('[');
    match is_shell {
        true => mark + code.find('\n').unwrap_or(code.len()),
        false => mark,
    }
}

/// A group of tokens that is being looked at.
struct Open {
    tokens: std::iter::Peekable<token_stream::IntoIter>,
    /// Tokens since the last separator, and the longest of what is in them.
    length: usize,
    within: usize,
    longest: usize,
}

impl Open {
    fn new(tokens: TokenStream) -> Open {
        Open {
            tokens: tokens.into_iter().peekable(),
            length: 0,
            within: 0,
            longest: 0,
        }
    }

    fn separate(&mut self) {
        self.longest = self.longest.max(self.length + self.within);
        (self.length, self.within) = (0, 0);
    }
}

/// Refuses what a parser would need too much stack for.
fn check_depth(tokens: TokenStream) -> Result<(), Span> {
    let mut open = vec![Open::new(tokens)];
    while let Some(group) = open.last_mut() {
        let Some(token) = group.tokens.next() else {
            group.separate();
            let longest = group.longest;
            open.pop();
            if let Some(outer) = open.last_mut() {
                outer.within = outer.within.max(longest);
            }
            continue;
        };
        group.length += 1;
        if group.length + group.within > MAX_RUN {
            return Err(token.span());
        }
        match token {
            TokenTree::Punct(punct) if ",;".contains(punct.as_char()) => group.separate(),
            TokenTree::Group(inner) => {
                if inner.delimiter() == Delimiter::Brace && ends(group.tokens.peek()) {
                    // What is within is not a deeper than what comes after.
                    group.separate();
                }
                if open.len() >= MAX_DEPTH {
                    return Err(inner.span());
                }
                open.push(Open::new(inner.stream()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// True where an item or a statement ends with a brace that this follows.
fn ends(next: Option<&TokenTree>) -> bool {
    match next {
        Some(TokenTree::Punct(punct)) => punct.as_char() == '#',
        Some(TokenTree::Ident(word)) => word != "else" && word != "as",
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<SourceFile, Box<Diagnostic>> {
        SourceFile::parse(PathBuf::from("a.rs"), "a.rs".to_owned(), text.to_owned())
    }

    #[test]
    fn places_are_bytes_of_the_file() {
        for before in [
            "",
            "\u{feff}",
            "#!/usr/bin/env run\r\n",
            "// é日\r\n",
            "\u{feff}#![allow(a)]\r\n",
        ] {
            let file = parsed(&format!("{before}fn a() {{}}\r\n\tfn b() {{}}")).unwrap();
            let syn::Item::Fn(b) = &file.ast.items[1] else {
                panic!("{before}")
            };
            let at = file.range(b.sig.fn_token.span).start;
            assert_eq!(&file.text[at..at + 4], "fn b", "{before:?}");
            assert_eq!(file.line_of(at).1, "\t", "{before:?}");
        }
        assert_eq!(parsed("a!();\r\n").unwrap().line_end(), "\r\n");
        assert_eq!(parsed("a!();").unwrap().line_end(), "\n");
    }

    #[test]
    fn mistakes_are_told_at_their_lines() {
        for (text, line) in [
            ("fn a() {}\nfn {", 2),
            ("fn a() {}\n\nfn 1() {}", 3),
            ("const A: &str = \"", 1),
        ] {
            let told = parsed(text).map(drop).unwrap_err();
            assert_eq!(told.location.unwrap().line, Some(line), "{text}");
        }
        assert!(parsed("// \u{1b}[31m").is_err());
    }

    /// Each would end the process, or take its stack for minutes, if it were parsed.
    #[test]
    fn what_is_too_deep_is_refused() {
        let n = 200_000;
        for (start, more, end) in [
            ("", "(", ""),
            ("const A: bool = ", "!", "true;"),
            ("const A: u8 = 1", "+1", ";"),
            ("const A: u8 = 1", ".a()", ";"),
            ("const A: u8 = ", "|a| ", "1;"),
            ("fn a() { if a {}", " else if a {}", "}"),
            ("fn a() { a = a {}", " + a {}", "; }"),
            ("type A = ", "&", "u8;"),
        ] {
            let close = if more == "(" {
                ")".repeat(n)
            } else {
                String::new()
            };
            let text = format!("{start}{}{close}{end}", more.repeat(n));
            let told = parsed(&text).map(drop).unwrap_err();
            assert!(told.message.contains("nested"), "{more}: {}", told.message);
        }
        let text = "fn a() { b(1, 2); }\n#[c]\nfn d() {}\n".repeat(20_000);
        assert!(parsed(&text).is_ok());
    }
}
