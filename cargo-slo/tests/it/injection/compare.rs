//! Two outputs side by side: one of plain words, one of hostile texts in their places.

use serde_json::Value;
use std::collections::BTreeMap;

/// The word that stands for a text in the plain output, and is not like any other.
pub(super) fn word(number: usize) -> String {
    let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap());
    let [first, second] = [letter(number), letter(number / 26)];
    format!("Zq{number:03}{first}{first}{first}{second}{second}{second}")
}

/// Replaces the words by what their texts become here.
pub(super) fn substituted(plain: &str, form: &dyn Fn(usize) -> String) -> String {
    let mut parts = plain.split("Zq");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let number = part.get(..3).and_then(|number| number.parse().ok());
        let rest = number.and_then(|number| {
            format!("Zq{part}")
                .strip_prefix(&word(number))
                .map(str::to_owned)
        });
        match (number, rest) {
            (Some(number), Some(rest)) => out += &(form(number) + &rest),
            _ => out += &format!("Zq{part}"),
        }
    }
    out
}

/// How the texts of a tree are to be compared, by their place.
pub(super) type Judge<'a> = &'a dyn Fn(&[String], &str, &str) -> Result<(), String>;

/// The same shape, and at every place what belongs there.
pub(super) fn trees(
    plain: &Value,
    hostile: &Value,
    way: &mut Vec<String>,
    judge: Judge<'_>,
) -> Result<(), String> {
    let differ = || Err(format!("at {}: {plain} became {hostile}", way.join("/")));
    match (plain, hostile) {
        (Value::String(plain), Value::String(hostile)) => {
            judge(way, plain, hostile).map_err(|why| format!("at {}: {why}", way.join("/")))
        }
        (Value::Array(plain), Value::Array(hostile)) if plain.len() == hostile.len() => {
            for (n, (plain, hostile)) in plain.iter().zip(hostile).enumerate() {
                way.push(n.to_string());
                trees(plain, hostile, way, judge)?;
                way.pop();
            }
            Ok(())
        }
        (Value::Object(plain), Value::Object(hostile)) if plain.len() == hostile.len() => {
            // Keys are not sorted alike where texts are keys, of which there is one at most.
            let (plain, hostile) = (by_key(plain), by_key(hostile));
            for ((key, plain), (other, hostile)) in plain.into_iter().zip(hostile) {
                way.push(key.to_owned());
                if key != other {
                    let told = |why| format!("a key at {}: {why}", way.join("/"));
                    judge(way, key, other).map_err(told)?;
                }
                trees(plain, hostile, way, judge)?;
                way.pop();
            }
            Ok(())
        }
        (plain, hostile) if plain == hostile => Ok(()),
        _ => differ(),
    }
}

fn by_key(map: &serde_json::Map<String, Value>) -> BTreeMap<&str, &Value> {
    map.iter().map(|(key, value)| (&**key, value)).collect()
}

/// Equal, told with both.
pub(super) fn same(expected: &str, found: &str) -> Result<(), String> {
    match expected == found {
        true => Ok(()),
        false => Err(format!("expected {expected:?}, found {found:?}")),
    }
}
