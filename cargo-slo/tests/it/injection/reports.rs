//! What commands print: for people, for programs, and for systems that run builds.

use super::{
    Round,
    compare::{same, trees},
    texts,
};
use serde_json::Value;

/// What is different from what should be, in words.
pub(super) fn differences(round: &Round<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for (name, hostile) in &round.hostile.printed {
        let plain = &round.plain.printed[name];
        let out = (&*plain.out, &*hostile.out);
        let compared = match *name {
            "list" => lines(round, out, &|line| line.to_owned()),
            "check" | "diff" => lines(round, out, &told),
            "list json" | "diff json" => json(round, out, false),
            "check json" => json_lines(round, out),
            "check sarif" => json(round, out, true),
            "check github" => commands(round, out),
            other => Err(format!("nobody compares {other}")),
        };
        let err = lines(round, (&plain.err, &hostile.err), &told);
        let commands = match *name {
            "check github" => None,
            _ => texts::command_in(&hostile.out),
        };
        let hidden = texts::dangerous(&hostile.out).or_else(|| texts::dangerous(&hostile.err));
        let wrong = [
            compared.err(),
            err.err(),
            commands.map(|line| format!("a command: {line}")),
            hidden.map(|text| format!("it hides {text:?}")),
            (plain.code != hostile.code).then(|| format!("exit code {}", hostile.code)),
        ];
        found.extend(
            wrong
                .into_iter()
                .flatten()
                .map(|why| format!("{name}: {why}")),
        );
    }
    found
}

/// Lines of a report, but for the excerpts of sources, which are as long as their texts.
fn told(line: &str) -> String {
    let start = line.trim_start();
    if start.starts_with("--> ") {
        // Columns are counted behind texts.
        return line
            .rsplit_once(':')
            .map_or(line, |(place, _)| place)
            .to_owned();
    }
    // So is what a change writes, or what goes for it.
    let is_excerpt = start.starts_with('|')
        || (line.starts_with("     ") && !start.starts_with('='))
        || start
            .split_once(" | ")
            .is_some_and(|(n, _)| n.trim().parse::<u32>().is_ok());
    match is_excerpt {
        true => String::new(),
        false => line.to_owned(),
    }
}

/// Line by line, whatever the columns are aligned to.
fn lines(
    round: &Round<'_>,
    (plain, hostile): (&str, &str),
    read: &dyn Fn(&str) -> String,
) -> Result<(), String> {
    let squashed = |line: &str| {
        line.split(' ')
            .filter(|w| !w.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let count = |text: &str| text.lines().count();
    if count(plain) != count(hostile) {
        return Err(format!(
            "{} lines became {}:\n{hostile}",
            count(plain),
            count(hostile)
        ));
    }
    plain
        .lines()
        .zip(hostile.lines())
        .try_for_each(|(plain, hostile)| {
            let expected = round.expected(&read(plain), texts::on_a_terminal);
            same(&squashed(&expected), &squashed(&read(hostile)))
        })
}

fn json(round: &Round<'_>, (plain, hostile): (&str, &str), sarif: bool) -> Result<(), String> {
    let read = |text: &str| serde_json::from_str(text).map(placeless);
    let (plain, hostile) = (read(plain), read(hostile));
    let (plain, hostile) = (
        plain.map_err(|e| e.to_string())?,
        hostile.map_err(|e| e.to_string())?,
    );
    trees(&plain, &hostile, &mut Vec::new(), &|way, plain, hostile| {
        let key = way.last().map_or("", String::as_str);
        match (sarif, key) {
            (true, "text") => same(&round.expected(plain, str::to_owned), &unlinked(hostile)?),
            (true, "uri") => {
                let path = |text: &str| text.replace('\\', "/");
                let found = unescaped(hostile)?;
                same(&round.expected(plain, path), &found)
            }
            _ => same(&round.expected(plain, str::to_owned), hostile),
        }
    })
}

fn json_lines(round: &Round<'_>, (plain, hostile): (&str, &str)) -> Result<(), String> {
    let all = |text: &str| format!("[{}]", text.lines().collect::<Vec<_>>().join(","));
    json(round, (&all(plain), &all(hostile)), false)
}

/// Without columns, lengths and excerpts, which depend on how long the texts are.
fn placeless(value: Value) -> Value {
    const PLACES: [&str; 8] = [
        "column",
        "length",
        "excerpt",
        "startColumn",
        "endColumn",
        "byteLength",
        "byteOffset",
        // What is written and what goes is TOML; `advice` reads it as that.
        "edits",
    ];
    match value {
        Value::Object(map) => {
            let kept = map.into_iter().filter(|(key, _)| !PLACES.contains(&&**key));
            Value::Object(kept.map(|(key, value)| (key, placeless(value))).collect())
        }
        Value::Array(items) => items.into_iter().map(placeless).collect(),
        Value::String(text) => Value::String(without_changes(&text, "\n")),
        other => other,
    }
}

/// A report without what it says to write, which is TOML: to the end of the line, or to the next help.
fn without_changes(text: &str, line_end: &str) -> String {
    let Some((before, rest)) = text.split_once(&format!("{line_end}change: ")) else {
        return text.to_owned();
    };
    let after = rest.find(&format!("{line_end}help: "));
    before.to_owned() + after.map_or("", |at| &rest[at..])
}

/// A message of SARIF as viewers show it, if it holds no link: an odd number of backslashes stands
/// before what would end the text of one.
fn unlinked(text: &str) -> Result<String, String> {
    let mut parts = text.split("](");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let before = out.len() - out.trim_end_matches('\\').len();
        if before.is_multiple_of(2) {
            return Err(format!("a link in {text:?}"));
        }
        out.truncate(out.len() - before.div_ceil(2));
        out += &format!("]({part}");
    }
    Ok(out)
}

/// An address without its escapes.
fn unescaped(uri: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digits: Vec<_> = rest.by_ref().take(2).collect();
                let digits = String::from_utf8(digits).map_err(|error| error.to_string())?;
                bytes.push(u8::from_str_radix(&digits, 16).map_err(|error| error.to_string())?);
            }
            byte if byte.is_ascii_alphanumeric() || b"-._~/:".contains(&byte) => bytes.push(byte),
            byte => return Err(format!("{} in an address", char::from(byte))),
        }
    }
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

/// Commands as GitHub's runner reads them, one a line.
fn commands(round: &Round<'_>, (plain, hostile): (&str, &str)) -> Result<(), String> {
    let (plain, hostile): (Vec<_>, Vec<_>) = (plain.lines().collect(), hostile.lines().collect());
    if plain.len() != hostile.len() {
        return Err(format!("{} commands became {}", plain.len(), hostile.len()));
    }
    for (plain, hostile) in plain.iter().zip(hostile) {
        let whole = [*plain, hostile].map(|line| without_changes(line, "%0A"));
        let (Some(plain), Some(hostile)) = (command(&whole[0]), command(&whole[1])) else {
            return Err(format!("no command: {hostile}"));
        };
        for (plain, hostile) in plain.iter().zip(&hostile) {
            same(&round.expected(plain, texts::in_a_workflow), hostile)?;
        }
        same(&plain.len().to_string(), &hostile.len().to_string())?;
    }
    Ok(())
}

/// Level, properties but for the column, and message.
fn command(line: &str) -> Option<Vec<String>> {
    let (command, message) = line.strip_prefix("::")?.split_once("::")?;
    let (level, properties) = command.split_once(' ')?;
    let properties = properties
        .split(',')
        .filter(|property| !property.starts_with("col="));
    let properties = properties.map(|text| text.replace("%3A", ":").replace("%2C", ","));
    let message = [message.to_owned()];
    let all = [level.to_owned()]
        .into_iter()
        .chain(properties)
        .chain(message);
    let read = |text: String| {
        text.replace("%0D", "\r")
            .replace("%0A", "\n")
            .replace("%25", "%")
    };
    Some(all.map(read).collect())
}
