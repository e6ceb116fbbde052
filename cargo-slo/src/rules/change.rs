//! Texts that end a finding, and where they belong.

use crate::{
    diagnostics::{Change, Edit, Method},
    fleet::Subject,
    input::{Syntax, TextFile},
};
use std::ops::Range;
use toml_edit::{Document, Item};

/// The name of the file about a service.
const MANIFEST: &str = "slo.toml";

/// The last level of a policy: with nothing left, nothing but repairs is delivered.
pub(in crate::rules) const FREEZE: &str = "left = \"0%\"\nthen = \"freeze\"";

impl Change {
    /// One edit that leaves nothing to decide.
    pub(in crate::rules) fn certain(does: impl Into<String>, edit: Edit) -> Change {
        Change {
            does: does.into(),
            certain: true,
            edits: vec![edit],
        }
    }

    /// One edit that somebody has to want.
    pub(in crate::rules) fn decision(does: impl Into<String>, edit: Edit) -> Change {
        Change {
            certain: false,
            ..Change::certain(does, edit)
        }
    }
}

/// Keys to set in a table of `slo.toml`; the empty section is the head of the file.
pub(in crate::rules) fn in_manifest(subject: &Subject<'_>, section: &str, keys: &str) -> Edit {
    let file = subject.manifest.map(|manifest| &manifest.file);
    merged(file, MANIFEST, section, keys)
}

/// Keys to set in a table of a file, which may not be there yet.
pub(in crate::rules) fn merged(
    file: Option<&TextFile>,
    name: &str,
    section: &str,
    keys: &str,
) -> Edit {
    let is_toml = file.is_none_or(|file| file.syntax == Syntax::Toml);
    let text = match section {
        "" => keys.to_owned(),
        section => format!("{section}\n{keys}"),
    };
    Edit {
        file: path(file, name),
        line: None,
        section: (!section.is_empty()).then(|| section.to_owned()),
        replaces: None,
        text,
        method: match is_toml {
            true => Method::Merge,
            false => Method::ByHand,
        },
    }
}

/// Another value in the place of one of `slo.toml`; `None` if that is not known.
pub(in crate::rules) fn instead(
    subject: &Subject<'_>,
    span: Range<usize>,
    text: String,
) -> Option<Edit> {
    replaced(&subject.manifest?.file, span, text)
}

/// Takes out what stands around a value of `slo.toml`: an element of the list `name` of tables.
pub(in crate::rules) fn without(
    subject: &Subject<'_>,
    list: &[&str],
    span: &Range<usize>,
) -> Option<Edit> {
    let file = &subject.manifest?.file;
    let range = match file.syntax {
        Syntax::Toml => element(&file.text, list, span)?,
        Syntax::Json => span.clone(),
    };
    Some(Edit {
        section: Some(format!("[[{}]]", list.join("."))),
        ..replaced(file, range, String::new())?
    })
}

/// Another text in the place of one of a file.
pub(in crate::rules) fn replaced(
    file: &TextFile,
    span: Range<usize>,
    text: String,
) -> Option<Edit> {
    let (line, replaces, method) = match file.syntax {
        Syntax::Json => (None, None, Method::ByHand),
        Syntax::Toml => (
            file.location(span.clone()).line,
            Some(file.text.get(span.clone())?.to_owned()),
            Method::Replace(span),
        ),
    };
    Some(Edit {
        file: path(Some(file), MANIFEST),
        line,
        section: None,
        replaces,
        text,
        method,
    })
}

/// The path of a file; of what an export says, the name of the file that it says it of.
fn path(file: Option<&TextFile>, name: &str) -> String {
    match file {
        Some(file) if file.syntax == Syntax::Toml => file.path.display().to_string(),
        _ => name.to_owned(),
    }
}

/// The bytes of the element of a list that holds a value, with what parts it from the next.
fn element(text: &str, list: &[&str], value: &Range<usize>) -> Option<Range<usize>> {
    let document = Document::parse(text).ok()?;
    let mut item = document.as_item();
    for name in list {
        item = item.as_table_like()?.get(name)?;
    }
    match item {
        Item::ArrayOfTables(_) => table(text, list, value),
        item => {
            let spans = item.as_array()?.iter().map(toml_edit::Value::span);
            let spans: Vec<_> = spans.collect::<Option<_>>()?;
            let holds = |span: &Range<usize>| span.start <= value.start && value.end <= span.end;
            let at = spans.iter().position(holds)?;
            // With the comma that parts it from the next; the last with the one before it.
            Some(match (spans.get(at + 1), at.checked_sub(1)) {
                (Some(next), _) => spans[at].start..next.start,
                (None, Some(before)) => spans[before].end..spans[at].end,
                (None, None) => spans[at].clone(),
            })
        }
    }
}

/// The lines of a table of a list: from its head to the next, and the empty ones between.
fn table(text: &str, list: &[&str], value: &Range<usize>) -> Option<Range<usize>> {
    let head = format!("[[{}]]", list.join("."));
    let before = text.get(..value.start)?;
    let start = before.rfind(&format!("\n{head}")).map(|at| at + 1);
    let start = start.or_else(|| before.starts_with(&head).then_some(0))?;
    let rest = text.get(value.end..)?;
    let Some(next) = rest.find("\n[").map(|at| value.end + at + 1) else {
        // Nothing follows: with the empty line before it.
        let start = text[..start].trim_end_matches('\n').len();
        return Some(start + usize::from(start > 0)..text.len());
    };
    // A comment above the next head belongs to that.
    let mut end = next;
    while let Some(line) = text[..end - 1].rfind('\n').map(|at| at + 1)
        && line > value.end
        && text[line..end].starts_with('#')
    {
        end = line;
    }
    Some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(text: &str, list: &[&str], value: &str) -> String {
        let at = text.find(value).unwrap();
        let range = element(text, list, &(at..at + value.len())).unwrap();
        format!("{}{}", &text[..range.start], &text[range.end..])
    }

    #[test]
    fn an_element_goes_with_what_parts_it_from_the_next() {
        let text =
            "a = 1\n\n# why\n[[x]]\nr = 'p'\n\n[[x]]\nr = 'q'\ns = [\n  1,\n]\n\n# next\n[b]\n";
        assert_eq!(
            rest(text, &["x"], "'p'"),
            "a = 1\n\n# why\n[[x]]\nr = 'q'\ns = [\n  1,\n]\n\n# next\n[b]\n"
        );
        assert_eq!(
            rest(text, &["x"], "'q'"),
            "a = 1\n\n# why\n[[x]]\nr = 'p'\n\n# next\n[b]\n"
        );
        assert_eq!(rest("a = 1\n\n[[x]]\nr = 'p'\n", &["x"], "'p'"), "a = 1\n");
        assert_eq!(rest("[[x]]\nr = 'p'\n", &["x"], "'p'"), "");
        let inline = "[c]\ni = [{ r = '/a/{b}' }, { r = 'q' }]\n";
        assert_eq!(
            rest(inline, &["c", "i"], "'/a/{b}'"),
            "[c]\ni = [{ r = 'q' }]\n"
        );
        assert_eq!(
            rest(inline, &["c", "i"], "'q'"),
            "[c]\ni = [{ r = '/a/{b}' }]\n"
        );
    }
}
