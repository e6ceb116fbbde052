//! YAML and JSON with the places of everything in them.
//!
//! An alias is the node it names, not a copy of it: nothing in a file can grow when it is read.

use super::{Lines, Wrong};
use crate::diagnostics::Location;
use saphyr_parser::{Event, Parser, ScanError, Span};
use std::{borrow::Cow, collections::HashMap};

/// Maps with more children than these are searched by their keys.
const LONG: usize = 64;

/// Nodes within nodes; no description of an API comes near.
const MAX_DEPTH: usize = 200;

/// Values of a text; each takes more memory than the letter that it may be.
const MAX_VALUES: usize = 2_000_000;

/// Items of one list or map in brackets, with all that is in it: the parser looks at all of it before
/// it tells of the first, since it may be a key, and needs some two hundred bytes for each.
const MAX_IN_BRACKETS: usize = 1_000_000;

/// The documents of a text.
#[derive(Debug)]
pub(crate) struct Tree<'t> {
    nodes: Vec<Node<'t>>,
    documents: Vec<usize>,
    /// How many more values there may be, aliases among them.
    values_left: usize,
    /// Where the keys of long maps are among their children, so that looking for one in each of
    /// many places takes no longer than reading them.
    keys: HashMap<usize, HashMap<String, usize>>,
    lines: Lines<'t>,
}

#[derive(Debug)]
struct Node<'t> {
    content: Content<'t>,
    line: u32,
    column: u32,
    length: u32,
}

#[derive(Debug)]
enum Content<'t> {
    Scalar(Cow<'t, str>),
    List(Vec<usize>),
    /// Keys and values in turn.
    Map(Vec<usize>),
}

/// A node of a tree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<'a> {
    tree: &'a Tree<'a>,
    node: usize,
}

impl<'t> Tree<'t> {
    /// Reads all documents of a text.
    pub(crate) fn parse(lines: Lines<'t>, text: &'t str) -> Result<Tree<'t>, Wrong> {
        if most_in_brackets(text) > MAX_IN_BRACKETS {
            let what = format!("there are more than {MAX_IN_BRACKETS} values in brackets");
            return Err(Wrong::at(lines.file(), what));
        }
        Tree::parse_within(MAX_VALUES, lines, text)
    }

    fn parse_within(max_values: usize, lines: Lines<'t>, text: &'t str) -> Result<Tree<'t>, Wrong> {
        let mut tree = Tree {
            nodes: Vec::new(),
            documents: Vec::new(),
            values_left: max_values,
            keys: HashMap::new(),
            lines,
        };
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut anchors: HashMap<usize, usize> = HashMap::new();
        for event in Parser::new_from_str(text) {
            let (event, span) = event.map_err(|error| tree.wrong(&error))?;
            let (content, anchor, is_open) = match event {
                Event::Scalar(text, _, anchor, _) => (Content::Scalar(text), anchor, false),
                Event::SequenceStart(anchor, _) => (Content::List(Vec::new()), anchor, true),
                Event::MappingStart(anchor, _) => (Content::Map(Vec::new()), anchor, true),
                Event::Alias(anchor) => {
                    let Some(node) = anchors.get(&anchor) else {
                        return Err(Wrong::at(
                            tree.place(span),
                            "the alias is within what it names",
                        ));
                    };
                    tree.put(*node, &open);
                    tree.take_value(span)?;
                    continue;
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    if let Some((node, anchor)) = open.pop() {
                        anchors.insert(anchor, node);
                        tree.note_keys(node);
                    }
                    continue;
                }
                _ => continue,
            };
            let node = tree.nodes.len();
            tree.nodes.push(Node {
                content,
                line: short(span.start.line()),
                column: short(span.start.col() + 1),
                length: short(span.len()),
            });
            tree.put(node, &open);
            tree.take_value(span)?;
            if is_open {
                open.push((node, anchor));
                if open.len() > MAX_DEPTH {
                    return Err(Wrong::at(
                        tree.place(span),
                        format!("values are nested more than {MAX_DEPTH} deep"),
                    ));
                }
            } else if anchor > 0 {
                anchors.insert(anchor, node);
            }
        }
        Ok(tree)
    }

    fn note_keys(&mut self, node: usize) {
        let Content::Map(children) = &self.nodes[node].content else {
            return;
        };
        if children.len() <= LONG {
            return;
        }
        let mut keys = HashMap::new();
        for (index, key) in children.iter().enumerate().step_by(2) {
            if let Content::Scalar(key) = &self.nodes[*key].content {
                keys.entry(key.as_ref().to_owned()).or_insert(index);
            }
        }
        self.keys.insert(node, keys);
    }

    fn take_value(&mut self, span: Span) -> Result<(), Wrong> {
        let left = self.values_left.checked_sub(1);
        self.values_left =
            left.ok_or_else(|| Wrong::at(self.place(span), "there are more values than are read"))?;
        Ok(())
    }

    fn put(&mut self, node: usize, open: &[(usize, usize)]) {
        match open.last() {
            None => self.documents.push(node),
            Some((parent, _)) => match &mut self.nodes[*parent].content {
                Content::List(children) | Content::Map(children) => children.push(node),
                Content::Scalar(_) => unreachable!("nothing is put into a scalar"),
            },
        }
    }

    fn place(&self, span: Span) -> Location {
        let start = span.start;
        self.lines
            .location(start.line(), start.col() + 1, span.len())
    }

    fn wrong(&self, error: &ScanError) -> Wrong {
        let at = error.marker();
        Wrong::at(
            self.lines.location(at.line(), at.col() + 1, 1),
            format!("the file is not YAML or JSON: {}", error.info()),
        )
    }

    /// The file as a whole.
    pub(crate) fn file(&self) -> Location {
        self.lines.file()
    }

    /// The documents, in order.
    pub(crate) fn documents<'a>(&'a self) -> impl Iterator<Item = At<'a>>
    where
        't: 'a,
    {
        self.documents.iter().map(|node| At {
            tree: self,
            node: *node,
        })
    }
}

/// About how many items there are between brackets that belong together. What stands in quotes
/// counts too: rather too many than too few.
fn most_in_brackets(text: &str) -> usize {
    let (mut depth, mut items, mut most) = (0_usize, 0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => {
                depth += 1;
                items += 1;
            }
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    items = 0;
                }
            }
            b',' if depth > 0 => items += 1,
            _ => {}
        }
        most = most.max(items);
    }
    most
}

fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl<'a> At<'a> {
    fn content(self) -> &'a Content<'a> {
        &self.tree.nodes[self.node].content
    }

    /// Where it stands.
    pub(crate) fn location(self) -> Location {
        let node = &self.tree.nodes[self.node];
        self.tree.lines.location(
            node.line as usize,
            node.column as usize,
            node.length as usize,
        )
    }

    /// What is wrong with it.
    pub(crate) fn wrong(self, message: impl Into<String>) -> Wrong {
        Wrong::at(self.location(), message)
    }

    /// Its text; nothing for a list or a map.
    pub(crate) fn text(self) -> Option<&'a str> {
        match self.content() {
            Content::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// True for a list.
    pub(crate) fn is_list(self) -> bool {
        matches!(self.content(), Content::List(_))
    }

    /// True for a map.
    pub(crate) fn is_map(self) -> bool {
        matches!(self.content(), Content::Map(_))
    }

    /// The items of a list.
    pub(crate) fn items(self) -> impl Iterator<Item = At<'a>> {
        let items = match self.content() {
            Content::List(items) => &items[..],
            _ => &[],
        };
        items.iter().map(move |node| At {
            node: *node,
            ..self
        })
    }

    /// The keys and values of a map.
    pub(crate) fn entries(self) -> impl Iterator<Item = (At<'a>, At<'a>)> {
        let children = match self.content() {
            Content::Map(children) => &children[..],
            _ => &[],
        };
        children.chunks_exact(2).map(move |pair| {
            let at = |node| At { node, ..self };
            (at(pair[0]), at(pair[1]))
        })
    }

    /// A key and its value.
    pub(crate) fn entry(self, key: &str) -> Option<(At<'a>, At<'a>)> {
        match (self.tree.keys.get(&self.node), self.content()) {
            (Some(keys), Content::Map(children)) => {
                let index = *keys.get(key)?;
                let at = |index: usize| {
                    Some(At {
                        node: *children.get(index)?,
                        ..self
                    })
                };
                Some((at(index)?, at(index + 1)?))
            }
            _ => self.entries().find(|(known, _)| known.text() == Some(key)),
        }
    }

    /// The value of a key.
    pub(crate) fn get(self, key: &str) -> Option<At<'a>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The items of a list under a key, which may be at most this many.
    pub(crate) fn few(self, key: &str, most: usize) -> Result<Vec<At<'a>>, Wrong> {
        let items: Vec<_> = self
            .get(key)
            .into_iter()
            .flat_map(At::items)
            .take(most + 1)
            .collect();
        match items.get(most) {
            None => Ok(items),
            Some(item) => Err(item.wrong(format!("there are more than {most} `{key}`"))),
        }
    }

    /// What tells it from other nodes of its tree.
    pub(crate) fn id(self) -> usize {
        self.node
    }

    /// The text of a key.
    pub(crate) fn text_of(self, key: &str) -> Option<&'a str> {
        self.get(key)?.text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Result<Tree<'_>, Wrong> {
        Tree::parse(Lines::new("f", text), text)
    }

    #[test]
    fn both_notations_keep_their_places() {
        for text in [
            "paths:\n  /a: {get: x}\n",
            "{\n\t\"paths\": {\n\t\t\"\\/a\": {\"get\": \"x\"}}}\n",
        ] {
            let tree = tree(text).unwrap();
            let paths = tree.documents().next().unwrap().get("paths").unwrap();
            let (key, item) = paths.entries().next().unwrap();
            assert_eq!((key.text(), item.text_of("get")), (Some("/a"), Some("x")));
            let line = text.lines().position(|line| line.contains("get")).unwrap();
            assert_eq!(key.location().line, u32::try_from(line + 1).ok());
            assert_eq!(key.location().column, Some(3));
        }
    }

    #[test]
    fn aliases_are_no_copies() {
        let mut bomb = String::from("a0: &a0 [x, x]\n");
        for n in 1..100 {
            bomb += &format!("a{n}: &a{n} [*a{}, *a{}]\n", n - 1, n - 1);
        }
        let tree = tree(&bomb).unwrap();
        assert!(tree.nodes.len() < 400);
        for text in [
            "a: &a [*a]",
            "a: *b",
            &"- ".repeat(50_000),
            &"[".repeat(50_000),
            "a: [",
            "\u{0}",
        ] {
            let wrong = self::tree(text).unwrap_err();
            assert!(wrong.location.line.is_some(), "{wrong:?}");
        }
    }

    #[test]
    fn depth_has_an_end() {
        for (open, close) in [("[", "]"), ("{a: ", "}")] {
            let of = |depth: usize| open.repeat(depth) + &close.repeat(depth);
            assert!(tree(&of(MAX_DEPTH)).is_ok());
            let text = of(MAX_DEPTH + 1);
            let wrong = tree(&text).unwrap_err();
            assert!(wrong.message.contains("more than 200 deep"), "{wrong:?}");
        }
    }

    #[test]
    fn brackets_hold_only_so_much() {
        for (text, items) in [
            ("a: 1, 2, 3", 0),
            ("[1, 2, 3]", 3),
            ("- [1, {a: b, c: d}]\n- [1]", 4),
        ] {
            assert_eq!(most_in_brackets(text), items, "{text}");
        }
        let text = format!("[{}1]", "1,".repeat(MAX_IN_BRACKETS));
        let wrong = tree(&text).unwrap_err();
        assert!(wrong.message.contains("in brackets"), "{wrong:?}");
    }

    #[test]
    fn values_are_counted_and_so_are_aliases() {
        for (text, values) in [
            ("[a, [b], {c: d}]", 7),
            ("[&a b, *a, *a]", 4),
            ("a\n---\nb\n", 2),
        ] {
            let of = |most| Tree::parse_within(most, Lines::new("f", text), text);
            assert!(of(values).is_ok(), "{text}");
            let wrong = of(values - 1).unwrap_err();
            assert!(wrong.message.contains("more values"), "{wrong:?}");
        }
    }

    #[test]
    fn keys_of_long_maps_are_found_where_they_are() {
        let text: String = (0..100).map(|n| format!("k{n}: v{n}\n")).collect();
        let tree = tree(&text).unwrap();
        let map = tree.documents().next().unwrap();
        let (key, value) = map.entry("k77").unwrap();
        assert_eq!((key.location().line, value.text()), (Some(78), Some("v77")));
        assert!(map.get("k100").is_none());
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_wild(text in "[ -~\n\t\u{e9}&*{}\\[\\]:\"'|>-]{0,200}") {
            if let Ok(tree) = tree(&text) {
                for document in tree.documents() {
                    let _ = document.location();
                }
            }
        }
    }
}
