//! From the bytes of a body to its messages, which take no more memory than a fixed number of
//! elements does.

use super::{
    message::{
        Any, Attribute, Export, List, LogRecord, Metric, OfResource, Point, Points, Resource, Scope,
    },
    wire::{Fields, Malformed, Value},
};
use crate::live::view::Refusal;
use serde::Deserialize;
use std::borrow::Cow;

/// How many data points, attributes and other elements a body may have.
const MAX_ELEMENTS: usize = 500_000;

const TOO_MANY: Refusal = Refusal::TooMany {
    limit: MAX_ELEMENTS as u64,
};

/// Reads the JSON of an export.
pub(crate) fn from_json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<Export<'a, T>, Refusal> {
    // Each element is an object.
    let elements = body.iter().filter(|byte| **byte == b'{').count();
    if elements > MAX_ELEMENTS {
        return Err(TOO_MANY);
    }
    serde_json::from_slice(body).map_err(|error| Refusal::NotJson {
        error: error.to_string(),
    })
}

/// Reads the Protocol Buffers of an export.
pub(crate) fn from_protobuf<'a, T: Read<'a>>(body: &'a [u8]) -> Result<Export<'a, T>, Refusal> {
    let mut left = Elements(MAX_ELEMENTS);
    let mut resources = Vec::new();
    for message in embedded(body, 1) {
        resources.push(of_resource(message?, &mut left)?);
    }
    Ok(Export { resources })
}

/// The messages that a message holds under a number.
fn embedded(bytes: &[u8], number: u64) -> impl Iterator<Item = Result<&[u8], Malformed>> {
    let fields = Fields::new(bytes);
    fields.filter_map(move |field| match field {
        Ok((found, value)) => (found == number).then(|| value.bytes()),
        Err(malformed) => Some(Err(malformed)),
    })
}

/// How many more elements may come.
pub(crate) struct Elements(usize);

impl Elements {
    fn one_more(&mut self) -> Result<(), Refusal> {
        self.0 = self.0.checked_sub(1).ok_or(TOO_MANY)?;
        Ok(())
    }
}

impl From<Malformed> for Refusal {
    fn from(_: Malformed) -> Refusal {
        Refusal::NotProtobuf
    }
}

/// What is read from the bytes of its message.
pub(crate) trait Read<'a>: Sized {
    /// Reads one; `None` if nothing of it is counted.
    fn read(bytes: &'a [u8], left: &mut Elements) -> Result<Option<Self>, Refusal>;
}

fn of_resource<'a, T: Read<'a>>(
    bytes: &'a [u8],
    left: &mut Elements,
) -> Result<OfResource<'a, T>, Refusal> {
    left.one_more()?;
    let mut of = OfResource {
        resource: Resource::default(),
        scopes: Vec::new(),
    };
    for field in Fields::new(bytes) {
        match field? {
            (1, value) => {
                for message in embedded(value.bytes()?, 1) {
                    push_attribute(&mut of.resource.attributes, message?, left)?;
                }
            }
            (2, value) => of.scopes.push(scope(value.bytes()?, left)?),
            _ => {}
        }
    }
    Ok(of)
}

fn scope<'a, T: Read<'a>>(bytes: &'a [u8], left: &mut Elements) -> Result<Scope<T>, Refusal> {
    left.one_more()?;
    let mut items = Vec::new();
    for message in embedded(bytes, 2) {
        items.extend(T::read(message?, left)?);
    }
    Ok(Scope { items })
}

impl<'a> Read<'a> for Metric<'a> {
    fn read(bytes: &'a [u8], left: &mut Elements) -> Result<Option<Metric<'a>>, Refusal> {
        let mut metric = Metric::default();
        for field in Fields::new(bytes) {
            if let (1, value) = field? {
                metric.name = Cow::Borrowed(value.text()?);
            }
        }
        if !metric.name.starts_with("slo.") {
            return Ok(None);
        }
        left.one_more()?;
        for field in Fields::new(bytes) {
            match field? {
                (5, value) => metric.gauge = Some(points(value.bytes()?, (7, number), left)?),
                (7, value) => metric.sum = Some(points(value.bytes()?, (7, number), left)?),
                (9, value) => {
                    metric.histogram = Some(points(value.bytes()?, (9, histogram), left)?);
                }
                _ => {}
            }
        }
        Ok(Some(metric))
    }
}

/// The number of the attributes of a kind of points, and what reads its values.
type Kind<'a> = (
    u64,
    fn(&mut Point<'a>, u64, Value<'a>) -> Result<(), Malformed>,
);

fn points<'a>(
    bytes: &'a [u8],
    (attributes, read): Kind<'a>,
    left: &mut Elements,
) -> Result<Points<'a>, Refusal> {
    let mut points = Points::default();
    for field in Fields::new(bytes) {
        match field? {
            (1, value) => {
                left.one_more()?;
                let mut point = Point::default();
                for field in Fields::new(value.bytes()?) {
                    match field? {
                        (2, value) => point.start_time_unix_nano = value.fixed64()?,
                        (3, value) => point.time_unix_nano = value.fixed64()?,
                        (number, value) if number == attributes => {
                            push_attribute(&mut point.attributes, value.bytes()?, left)?;
                        }
                        (number, value) => read(&mut point, number, value)?,
                    }
                }
                points.data_points.push(point);
            }
            (2, value) => points.aggregation_temporality = value.varint()?,
            _ => {}
        }
    }
    Ok(points)
}

/// Reads the points of a gauge or a sum.
fn number<'a>(point: &mut Point<'a>, number: u64, value: Value<'a>) -> Result<(), Malformed> {
    match number {
        4 => point.as_double = Some(value.double()?),
        6 => point.as_int = Some(value.fixed64()?.cast_signed()),
        _ => {}
    }
    Ok(())
}

/// Reads the points of a histogram.
fn histogram<'a>(point: &mut Point<'a>, number: u64, value: Value<'a>) -> Result<(), Malformed> {
    match number {
        5 => point.sum = Some(value.double()?),
        6 => point.bucket_counts.extend(value.all_fixed64()?),
        7 => point
            .explicit_bounds
            .extend(value.all_fixed64()?.map(f64::from_bits)),
        _ => {}
    }
    Ok(())
}

impl<'a> Read<'a> for LogRecord<'a> {
    fn read(bytes: &'a [u8], left: &mut Elements) -> Result<Option<LogRecord<'a>>, Refusal> {
        left.one_more()?;
        let mut record = LogRecord::default();
        for field in Fields::new(bytes) {
            match field? {
                (1, value) => record.time_unix_nano = value.fixed64()?,
                (6, value) => push_attribute(&mut record.attributes, value.bytes()?, left)?,
                (9, value) => record.trace_id = hexadecimal(value.bytes()?),
                (10, value) => record.span_id = hexadecimal(value.bytes()?),
                (11, value) => record.observed_time_unix_nano = value.fixed64()?,
                (12, value) => record.event_name = Cow::Borrowed(value.text()?),
                _ => {}
            }
        }
        Ok(Some(record))
    }
}

/// The digits of an identity, which has at most 16 bytes.
fn hexadecimal(bytes: &[u8]) -> Cow<'static, str> {
    bytes
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn push_attribute<'a>(
    attributes: &mut Vec<Attribute<'a>>,
    bytes: &'a [u8],
    left: &mut Elements,
) -> Result<(), Refusal> {
    left.one_more()?;
    let mut attribute = Attribute::default();
    for field in Fields::new(bytes) {
        match field? {
            (1, value) => attribute.key = Cow::Borrowed(value.text()?),
            (2, value) => {
                let mut values = Vec::new();
                attribute.value = any(value.bytes()?, Some(&mut values), left)?;
                if !values.is_empty() {
                    attribute.value.array_value = Some(List { values });
                }
            }
            _ => {}
        }
    }
    attributes.push(attribute);
    Ok(())
}

/// A value; those of a list go to `list`, lists in lists nowhere.
fn any<'a>(
    bytes: &'a [u8],
    mut list: Option<&mut Vec<Any<'a>>>,
    left: &mut Elements,
) -> Result<Any<'a>, Refusal> {
    let mut any = Any::default();
    for field in Fields::new(bytes) {
        match field? {
            (1, value) => any.string_value = Some(Cow::Borrowed(value.text()?)),
            (2, value) => any.bool_value = Some(value.varint()? != 0),
            (3, value) => any.int_value = Some(value.varint()?.cast_signed()),
            (4, value) => any.double_value = Some(value.double()?),
            (5, value) => {
                let Some(list) = list.as_deref_mut() else {
                    continue;
                };
                for message in embedded(value.bytes()?, 1) {
                    left.one_more()?;
                    list.push(self::any(message?, None, left)?);
                }
            }
            _ => {}
        }
    }
    Ok(any)
}
