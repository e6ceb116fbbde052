//! Files for other systems, as these read them.

use super::{
    Round,
    compare::{same, trees},
    expressions::{MISSING, lexed_alike, missing, promql, variables},
    inputs::FIELDS,
    readers::{Part, actions, expanded, page, parts, untemplated},
    texts,
};
use serde_json::Value;

/// What is different from what should be, in words.
pub(super) fn differences(round: &Round<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["rules", "all", "export", "init"] {
        for (name, plain, hostile) in round.files(folder) {
            let mut told = |result: Result<(), String>| {
                if let Err(why) = result {
                    found.push(format!("{folder}/{name}: {why}"));
                }
            };
            told(shown(hostile));
            told(compared(round, name, plain, hostile));
        }
    }
    found
}

/// Nothing in a file is hidden, and printed in a build it would start nothing.
pub(super) fn shown(content: &str) -> Result<(), String> {
    if let Some(hidden) = texts::dangerous(content) {
        return Err(format!("it hides {hidden:?}"));
    }
    match texts::command_in(content) {
        Some(line) => Err(format!("it holds a command: {line:?}")),
        None => Ok(()),
    }
}

fn compared(round: &Round<'_>, name: &str, plain: &str, hostile: &str) -> Result<(), String> {
    let lines = |text: &str| text.lines().count();
    if name.ends_with(".toml") && lines(plain) != lines(hostile) {
        return Err("it has other lines".to_owned());
    }
    let (plain, hostile) = (documents(name, plain)?, documents(name, hostile)?);
    let judge =
        |way: &[String], plain: &str, hostile: &str| value(round, name, way, plain, hostile);
    trees(
        &prepared(plain),
        &prepared(hostile),
        &mut Vec::new(),
        &judge,
    )
}

/// The documents of a file, by parsers that know nothing of us.
fn documents(name: &str, text: &str) -> Result<Value, String> {
    if name.ends_with(".json") {
        return serde_json::from_str(text).map_err(|error| error.to_string());
    }
    if name.ends_with(".toml") {
        return toml::from_str(text).map_err(|error| error.to_string());
    }
    let all = serde_norway::Deserializer::from_str(text);
    let all: Result<Vec<Value>, _> = all.map(serde::Deserialize::deserialize).collect();
    Ok(all.map_err(|error| error.to_string())?.into())
}

/// A tree in which labels of alerts, which are templates, are told from those of series, lines of
/// remarks are one text, wherever they are wrapped, and resources are sorted by what they say, not
/// by their names.
fn prepared(tree: Value) -> Value {
    match tree {
        Value::Object(map) => {
            let is_alert = map.contains_key("alert");
            let entries = map.into_iter().map(|(key, value)| match (&*key, value) {
                ("labels", value) if is_alert => ("alert labels".to_owned(), prepared(value)),
                ("about", Value::Array(lines)) => {
                    let lines: Vec<_> = lines.iter().filter_map(Value::as_str).collect();
                    (key, lines.join(" ").into())
                }
                ("resource", Value::Object(kinds)) => {
                    let kinds = kinds
                        .into_iter()
                        .map(|(kind, named)| (kind, sorted(&named)));
                    (key, Value::Object(kinds.collect()))
                }
                (_, value) => (key, prepared(value)),
            });
            Value::Object(entries.collect())
        }
        Value::Array(items) => items.into_iter().map(prepared).collect(),
        other => other,
    }
}

fn sorted(named: &Value) -> Value {
    let mut all: Vec<_> = named
        .as_object()
        .into_iter()
        .flatten()
        .map(|(_, value)| value)
        .collect();
    all.sort_by_key(|value| format!("{}{}", value["description"], value["message"]));
    all.into_iter().cloned().collect()
}

/// What a text is read as depends on where it stands.
fn value(
    round: &Round<'_>,
    file: &str,
    way: &[String],
    plain: &str,
    hostile: &str,
) -> Result<(), String> {
    let key = way.iter().rev().find(|part| part.parse::<usize>().is_err());
    let key = key.map_or("", String::as_str);
    let within = |part: &str| way.iter().any(|other| other == part);
    let expected = round.expected(plain, str::to_owned);
    if is_name(plain) {
        // Without a hash where it had all the letters that it needs.
        return match is_name(hostile) || hostile.len() <= 63 && is_word(hostile) {
            true => Ok(()),
            false => Err(format!("{hostile:?} is not a name")),
        };
    }
    let ending = |ending: &str| file.ends_with(ending);
    let joined = |text: &str| text.replace('\u{2060}', "");
    match key {
        "expr" | "series" | "query" | "metric" | "error_query" | "total_query"
            if !ending("datadog.json") && !ending("tf.json") && !way.is_empty() =>
        {
            if ending("sloth.yaml") && hostile.replace("{{.window}}", "").contains("{{") {
                return Err(format!("a template in {hostile:?}"));
            }
            if ending("grafana.json") && variables(hostile) != variables(plain) {
                return Err(format!("a variable in {hostile:?}"));
            }
            promql(round, plain, hostile)
        }
        "labels" if ending(".test") => lexed_alike(round, plain, hostile),
        "uid" => Ok(()),
        "annotations" | "alert labels" if !ending("openslo.yaml") && !ending("pyrra.yaml") => {
            template(plain, hostile, &expected)
        }
        "name" if ending("prometheus-rule.yaml") && within("metadata") => match is_word(hostile) {
            true => Ok(()),
            false => Err(format!("{hostile:?} is not a name")),
        },
        _ if plain.starts_with(MISSING) => missing(round, plain, hostile),
        _ if ending("prometheus.yaml") || ending("prometheus-rule.yaml") => {
            match within("annotations") || within("alert labels") {
                true => template(plain, hostile, &expected),
                false => same(&expected, hostile),
            }
        }
        _ if ending("sloth.yaml") && within("alerting") => template(plain, hostile, &expected),
        key if key.starts_with("pyrra.dev/") => template(plain, hostile, &expected),
        "displayName" | "description" if ending("openslo.yaml") => cut(&expected, hostile),
        "description" | "content" if ending("grafana.json") && way.len() > 1 => {
            markdown(round, plain, hostile)
        }
        _ if ending("grafana.json") => same(&joined(&expected), &joined(hostile)),
        _ if ending("datadog.json") || ending("tf.json") => {
            if ending("tf.json") && plain.starts_with("burn_rate(") {
                return same(&unreferred(plain), &unreferred(hostile));
            }
            let text = match ending("tf.json") && key != "//" {
                true => untemplated(hostile).ok_or(format!("a template in {hostile:?}"))?,
                false => hostile.to_owned(),
            };
            datadog(round, key, plain, &joined(&text))
        }
        _ => same(&expected, hostile),
    }
}

/// A name that ends in a hash of what it is for.
fn is_name(text: &str) -> bool {
    let Some((words, rest)) = text.rsplit_once("---") else {
        return false;
    };
    let hash = rest.get(..16).unwrap_or_default();
    is_word(words)
        && is_word(rest)
        && hash.len() == 16
        && hash.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Letters, digits, hyphens and underscores.
fn is_word(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// An alert's text expands to what it should say, and to nothing more.
fn template(plain: &str, hostile: &str, expected: &str) -> Result<(), String> {
    if actions(plain) != actions(hostile) {
        return Err(format!("a template in {hostile:?}"));
    }
    same(expected, &expanded(hostile))
}

/// A text whose end is left out visibly where it is too long.
fn cut(expected: &str, hostile: &str) -> Result<(), String> {
    match hostile.strip_suffix('…') {
        Some(start) if hostile.chars().count() >= 63 && expected.starts_with(start) => Ok(()),
        _ => same(expected, hostile),
    }
}

/// Markdown of a panel: one line, and the text alone.
fn markdown(round: &Round<'_>, plain: &str, hostile: &str) -> Result<(), String> {
    let read = |markdown: &str| parts(&page(&markdown.replace('\u{2060}', ""))).0;
    let form = |text: &str| {
        let text = text.replace("\r\n", " ").replace(['\n', '\r'], " ");
        texts::in_a_workflow(&text).replace("#\\u{23}", "##")
    };
    let (plain, hostile) = (read(plain), read(hostile));
    if plain.len() != hostile.len() {
        return Err(format!("{plain:?} became {hostile:?}"));
    }
    plain.iter().zip(&hostile).try_for_each(|pair| match pair {
        (Part::Text(plain), Part::Text(hostile)) => {
            same(&squashed(&round.expected(plain, form)), &squashed(hostile))
        }
        (plain, hostile) if plain == hostile => Ok(()),
        (plain, hostile) => Err(format!("{plain:?} became {hostile:?}")),
    })
}

fn squashed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Texts of monitors, in which nobody is named; tags, which keep a few characters only.
fn datadog(round: &Round<'_>, key: &str, plain: &str, hostile: &str) -> Result<(), String> {
    let is_tag = |text: &str| {
        text.chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '.' | '/'))
    };
    match key {
        "tags" if is_tag(hostile) => Ok(()),
        "tags" => Err(format!("{hostile:?} is not a tag")),
        "numerator" | "denominator" => {
            let inside = hostile
                .strip_prefix("sum:slo.events{")
                .and_then(|rest| rest.strip_suffix("}.as_count()"));
            match inside {
                Some(tags) if tags.split(',').all(is_tag) => same(
                    &plain.matches(',').count().to_string(),
                    &tags.matches(',').count().to_string(),
                ),
                _ => Err(format!("{hostile:?} is not a query")),
            }
        }
        "about" | "//" => {
            let expected = round.expected(&untagged(plain), str::to_owned);
            same(
                &squashed(&expected.replace('\u{2060}', "")),
                &squashed(&untagged(hostile)),
            )
        }
        // The service's name stands in the sentence, everything else on a line of its own.
        "description" | "message" => {
            let expected = super::compare::substituted(plain, &|number| match number % FIELDS {
                0 => round.text(number),
                _ => texts::on_a_terminal(&round.text(number)),
            });
            same(&expected.replace('\u{2060}', ""), hostile)
        }
        _ => same(
            &round.expected(plain, str::to_owned).replace('\u{2060}', ""),
            hostile,
        ),
    }
}

/// A query without the name of the resource that it is about.
fn unreferred(query: &str) -> String {
    let (before, rest) = query.split_once("${").unwrap_or((query, ""));
    let (name, after) = rest.split_once('}').unwrap_or(("", ""));
    let is_named = name
        .split('.')
        .all(|word| !word.is_empty() && is_word(word));
    format!("{before}{is_named}{after}")
}

/// Without the remarks that say how Datadog stores names.
fn untagged(about: &str) -> String {
    let (before, rest) = about.split_once("For each entry").unwrap_or((about, ""));
    let kept = before.split("- Datadog stores").next().unwrap_or(before);
    format!("{kept} {rest}")
}
