//! What a store may do to an answer, by accident or not.

use super::{Question, Random};
use serde_json::{Value, json};

/// One thing that is done to the answers to some questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The moments are moved down to multiples of a day, as caches do.
    Aligned,
    /// The moments are moved up, as a store does that answers late.
    Late,
    /// There is more than was asked for.
    Longer,
    /// A value stands there twice.
    DoubledValue,
    /// A value is missing.
    DroppedValue,
    /// A series stands there twice.
    RepeatedSeries,
    /// A series is in two parts, told apart by a label that nobody asked for.
    SplitSeries,
    /// A series is missing.
    DroppedSeries,
    /// A value is none.
    NotANumber,
    /// A value is more than anything.
    Infinite,
    /// A value is less than nothing.
    Negative,
    /// There are series of a service of somebody else.
    OtherTenant,
    /// All series are of a service of somebody else.
    OnlyOtherTenant,
    /// Half of the series are there, and the store says so as Prometheus does.
    Limited,
    /// The same, as VictoriaMetrics says it.
    Partial,
    /// The text ends in the middle.
    Cut,
    /// It asks to come again, each time.
    Busy,
}

impl Fault {
    pub(super) const ALL: [Fault; 17] = [
        Fault::Aligned,
        Fault::Late,
        Fault::Longer,
        Fault::DoubledValue,
        Fault::DroppedValue,
        Fault::RepeatedSeries,
        Fault::SplitSeries,
        Fault::DroppedSeries,
        Fault::NotANumber,
        Fault::Infinite,
        Fault::Negative,
        Fault::OtherTenant,
        Fault::OnlyOtherTenant,
        Fault::Limited,
        Fault::Partial,
        Fault::Cut,
        Fault::Busy,
    ];

    /// Returns the answer as it is sent: its status and its body.
    pub(super) fn apply(
        self,
        question: &Question,
        mut answer: Value,
        random: &mut Random,
    ) -> (&'static str, String) {
        let is_range = question.path.ends_with("query_range");
        let all = answer["data"]["result"].as_array_mut().unwrap();
        if all.is_empty() && self != Fault::Busy {
            return ("200 OK", answer.to_string());
        }
        let one = random.below(all.len().max(1));
        match self {
            Fault::Aligned | Fault::Late => {
                let by = match self {
                    Fault::Aligned => {
                        let start = if is_range {
                            question.start
                        } else {
                            question.time
                        };
                        -(start % 86_400.0)
                    }
                    _ => 1.0 + 30.0 * random.share(),
                };
                for series in all.iter_mut() {
                    each_value(series, |value| {
                        value[0] = json!(value[0].as_f64().unwrap() + by);
                    });
                }
            }
            Fault::Longer => {
                if let Some(values) = all[one]["values"].as_array_mut() {
                    let first = question.first() - 86_400.0;
                    values.insert(0, json!([first, "7"]));
                }
            }
            Fault::DoubledValue | Fault::DroppedValue => {
                // Without one that is 0 nothing is missing.
                let counted = |series: &Value| {
                    let values = series["values"].as_array().into_iter().flatten();
                    let places = values.enumerate().filter(|(_, value)| value[1] != "0");
                    places.map(|(place, _)| place).collect::<Vec<_>>()
                };
                let series = (0..all.len()).map(|n| (one + n) % all.len());
                let one = series.into_iter().find(|n| !counted(&all[*n]).is_empty());
                if let Some(one) = one {
                    let places = counted(&all[one]);
                    let place = places[random.below(places.len())];
                    let values = all[one]["values"].as_array_mut().unwrap();
                    let value = values.remove(place);
                    if self == Fault::DoubledValue {
                        values.insert(place, value.clone());
                        values.insert(place, value);
                    }
                }
            }
            Fault::RepeatedSeries => all.push(all[one].clone()),
            Fault::SplitSeries => {
                let mut part = all[one].clone();
                part["metric"]["pod"] = json!("orders-7");
                all.push(part);
            }
            Fault::DroppedSeries => drop(all.remove(one)),
            Fault::NotANumber | Fault::Infinite | Fault::Negative => {
                let wrong = match self {
                    Fault::NotANumber => "NaN",
                    Fault::Infinite => "+Inf",
                    _ => "-3",
                };
                let mut place = match all[one]["values"].as_array() {
                    Some(values) => random.below(values.len().max(1)),
                    None => 0,
                };
                each_value(&mut all[one], |value| {
                    if place == 0 {
                        value[1] = json!(wrong);
                    }
                    place = place.wrapping_sub(1);
                });
            }
            Fault::OtherTenant | Fault::OnlyOtherTenant => {
                let others = all.iter().map(|series| {
                    let text = series.to_string();
                    let text = text
                        .replace("orders", "invoices")
                        .replace("checkout", "billing");
                    serde_json::from_str(&text).unwrap()
                });
                let others: Vec<Value> = others.collect();
                if self == Fault::OnlyOtherTenant {
                    all.clear();
                }
                // Names are nobody's.
                all.extend(
                    others
                        .into_iter()
                        .filter(|series| series["metric"].as_object().unwrap().len() > 1),
                );
            }
            Fault::Limited | Fault::Partial => {
                all.truncate(all.len().div_ceil(2));
                match self {
                    Fault::Limited => {
                        answer["warnings"] = json!(["results truncated due to limit"]);
                    }
                    _ => answer["isPartial"] = json!(true),
                }
            }
            Fault::Cut => {
                let mut text = answer.to_string();
                text.truncate(text.len() * 2 / 3);
                return ("200 OK", text);
            }
            Fault::Busy => return ("503 Service Unavailable\r\nretry-after: 0", String::new()),
        }
        ("200 OK", answer.to_string())
    }
}

/// The values of a series, be it one or several.
fn each_value(series: &mut Value, mut change: impl FnMut(&mut Value)) {
    if let Some(value) = series.get_mut("value") {
        change(value);
    }
    for value in series
        .get_mut("values")
        .into_iter()
        .flat_map(|values| values.as_array_mut().unwrap())
    {
        change(value);
    }
}
