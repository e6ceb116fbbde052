//! What readers of our files make of the texts in them.

use promql_parser::{
    label::{MatchOp, Matcher},
    parser::{Expr, VectorSelector},
    util::{ExprVisitor, walk_expr},
};

/// A template of Go, as far as it stands for characters: other actions stay.
pub(super) fn expanded(template: &str) -> String {
    template.replace("{{ \"{\" }}", "{")
}

/// True where Prometheus would do something that the plain text does not ask it to.
pub(super) fn actions(template: &str) -> usize {
    expanded(&template.replace("{{ \"{\" }}", ""))
        .matches("{{")
        .count()
}

/// Terraform's reading of a text without templates, `None` if there is one.
pub(super) fn untemplated(text: &str) -> Option<String> {
    let rest = text.replace("$${", "").replace("%%{", "");
    let is_plain = !rest.contains("${") && !rest.contains("%{");
    is_plain.then(|| text.replace("$${", "${").replace("%%{", "%{"))
}

/// An expression without the texts in it, and these texts, by the rules of Go.
pub(super) fn lexed(expr: &str) -> Option<(String, Vec<String>)> {
    let (mut rest, mut texts) = (String::new(), Vec::new());
    let mut chars = expr.chars();
    while let Some(c) = chars.next() {
        rest.push(c);
        if c != '"' {
            continue;
        }
        let mut text = String::new();
        loop {
            match chars.next()? {
                '"' => break,
                '\n' => return None,
                '\\' => text.push(escape(&mut chars)?),
                c => text.push(c),
            }
        }
        texts.push(text);
    }
    Some((rest, texts))
}

fn escape(chars: &mut std::str::Chars<'_>) -> Option<char> {
    let digits = match chars.next()? {
        'n' => return Some('\n'),
        'r' => return Some('\r'),
        't' => return Some('\t'),
        c @ ('"' | '\\') => return Some(c),
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => return None,
    };
    let code: String = chars.take(digits).collect();
    char::from_u32(u32::from_str_radix(&code, 16).ok()?)
}

/// What the selectors of an expression compare, by a parser that is not ours.
pub(super) fn matchers(expr: &str) -> Result<Vec<(String, String)>, String> {
    let expr = promql_parser::parser::parse(expr).map_err(|error| format!("{error}: {expr}"))?;
    let mut found = Matchers(Vec::new());
    walk_expr(&mut found, &expr)?;
    Ok(found.0)
}

struct Matchers(Vec<(String, String)>);

impl Matchers {
    fn add(&mut self, selector: &VectorSelector) {
        let all = &selector.matchers;
        let of_all = all.matchers.iter().chain(all.or_matchers.iter().flatten());
        self.0.extend(of_all.map(|Matcher { op, name, value }| {
            let value = match op {
                MatchOp::Re(_) | MatchOp::NotRe(_) => unescaped(value),
                _ => value.clone(),
            };
            (name.clone(), value)
        }));
    }
}

impl ExprVisitor for Matchers {
    type Error = String;

    fn pre_visit(&mut self, expr: &Expr) -> Result<bool, String> {
        match expr {
            Expr::VectorSelector(selector) => self.add(selector),
            Expr::MatrixSelector(selector) => self.add(&selector.vs),
            _ => {}
        }
        Ok(true)
    }
}

/// A regular expression without the backslashes that make a text of it.
pub(super) fn unescaped(regex: &str) -> String {
    let mut out = String::new();
    let mut chars = regex.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            c => out.push(c),
        }
    }
    out
}

/// What a page shows that is made of Markdown, by the parser that GitHub's was the model for: the
/// HTML of it, with addresses of the web and of mail as links, and nothing cleaned away.
pub(super) fn page(markdown: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.math_dollars = true;
    options.extension.alerts = true;
    options.extension.superscript = true;
    options.extension.underline = true;
    options.render.r#unsafe = true;
    comrak::markdown_to_html(markdown, &options)
}

/// The elements of a page with their attributes, and its texts, in their order.
#[derive(Debug, PartialEq)]
pub(super) enum Part {
    Open(String, Vec<(String, String)>),
    Text(String),
}

/// A page as browsers read it, with what its parser had to say against it.
pub(super) fn parts(html: &str) -> (Vec<Part>, Vec<String>) {
    let page = scraper::Html::parse_document(html);
    let mut parts: Vec<Part> = Vec::new();
    for node in page.tree.root().descendants() {
        match node.value() {
            scraper::Node::Element(element) => {
                let attributes = element.attrs();
                let attributes =
                    attributes.map(|(name, value)| (name.to_owned(), value.to_owned()));
                parts.push(Part::Open(element.name().to_owned(), attributes.collect()));
            }
            scraper::Node::Text(text) => match parts.last_mut() {
                // An empty comment may have parted it.
                Some(Part::Text(before)) => before.push_str(text),
                _ => parts.push(Part::Text(text.to_string())),
            },
            // Where it says who made the page, and where it parts an address.
            scraper::Node::Comment(comment) => {
                let known = comment.trim();
                if !known.is_empty() && !known.starts_with("Generated by cargo-slo ") {
                    parts.push(Part::Open("a comment".to_owned(), Vec::new()));
                }
            }
            _ => {}
        }
    }
    (parts, page.errors.iter().map(ToString::to_string).collect())
}
