//! From the bytes of a body to its messages, which take no more memory than a fixed number of
//! elements does.

use super::{
    Unreadable,
    message::{
        Any, Attribute, Export, List, LogRecord, Metric, OfResource, Point, Points, Resource, Scope,
    },
    wire::{Fields, Malformed, Value},
};
use serde::Deserialize;
use std::borrow::Cow;

/// How many data points, attributes and other elements a body may have.
const MAX_ELEMENTS: usize = 500_000;

/// Reads the JSON of an export.
pub(crate) fn from_json<'a, T: Deserialize<'a>>(
    body: &'a [u8],
) -> Result<Export<'a, T>, Unreadable> {
    // Each element is an object.
    let elements = body.iter().filter(|byte| **byte == b'{').count();
    if elements > MAX_ELEMENTS {
        return Err(Unreadable::TooMany(MAX_ELEMENTS));
    }
    serde_json::from_slice(body).map_err(|error| Unreadable::Json(error.to_string()))
}

/// Reads the Protocol Buffers of an export.
pub(crate) fn from_protobuf<'a, T: Read<'a>>(body: &'a [u8]) -> Result<Export<'a, T>, Unreadable> {
    let mut left = Elements(MAX_ELEMENTS);
    let mut resources = Vec::new();
    for field in Fields::new(body) {
        if let (1, value) = field? {
            resources.push(of_resource(value.bytes()?, &mut left)?);
        }
    }
    Ok(Export { resources })
}

/// How many more elements may come.
pub(crate) struct Elements(usize);

impl Elements {
    fn one_more(&mut self) -> Result<(), Unreadable> {
        self.0 = self
            .0
            .checked_sub(1)
            .ok_or(Unreadable::TooMany(MAX_ELEMENTS))?;
        Ok(())
    }
}

impl From<Malformed> for Unreadable {
    fn from(_: Malformed) -> Unreadable {
        Unreadable::Protobuf
    }
}

/// What is read from the bytes of its message.
pub(crate) trait Read<'a>: Sized {
    /// Reads one; `None` if nothing of it is counted.
    fn read(bytes: &'a [u8], left: &mut Elements) -> Result<Option<Self>, Unreadable>;
}

fn of_resource<'a, T: Read<'a>>(
    bytes: &'a [u8],
    left: &mut Elements,
) -> Result<OfResource<'a, T>, Unreadable> {
    left.one_more()?;
    let mut of = OfResource {
        resource: Resource::default(),
        scopes: Vec::new(),
    };
    for field in Fields::new(bytes) {
        match field? {
            (1, value) => {
                for field in Fields::new(value.bytes()?) {
                    if let (1, value) = field? {
                        push_attribute(&mut of.resource.attributes, value, left)?;
                    }
                }
            }
            (2, value) => of.scopes.push(scope(value.bytes()?, left)?),
            _ => {}
        }
    }
    Ok(of)
}

fn scope<'a, T: Read<'a>>(bytes: &'a [u8], left: &mut Elements) -> Result<Scope<T>, Unreadable> {
    left.one_more()?;
    let mut items = Vec::new();
    for field in Fields::new(bytes) {
        if let (2, value) = field? {
            items.extend(T::read(value.bytes()?, left)?);
        }
    }
    Ok(Scope { items })
}

impl<'a> Read<'a> for Metric<'a> {
    fn read(bytes: &'a [u8], left: &mut Elements) -> Result<Option<Metric<'a>>, Unreadable> {
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
                (5, value) => metric.gauge = Some(points(value.bytes()?, number_point, left)?),
                (7, value) => metric.sum = Some(points(value.bytes()?, number_point, left)?),
                (9, value) => {
                    metric.histogram = Some(points(value.bytes()?, histogram_point, left)?);
                }
                _ => {}
            }
        }
        Ok(Some(metric))
    }
}

type PointField<'a> = fn(&mut Point<'a>, u64, Value<'a>, &mut Elements) -> Result<(), Unreadable>;

fn points<'a>(
    bytes: &'a [u8],
    read: PointField<'a>,
    left: &mut Elements,
) -> Result<Points<'a>, Unreadable> {
    let mut points = Points::default();
    for field in Fields::new(bytes) {
        match field? {
            (1, value) => {
                left.one_more()?;
                let mut point = Point::default();
                for field in Fields::new(value.bytes()?) {
                    let (number, value) = field?;
                    match number {
                        2 => point.start_time_unix_nano = value.fixed64()?,
                        3 => point.time_unix_nano = value.fixed64()?,
                        number => read(&mut point, number, value, left)?,
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

fn number_point<'a>(
    point: &mut Point<'a>,
    number: u64,
    value: Value<'a>,
    left: &mut Elements,
) -> Result<(), Unreadable> {
    match number {
        4 => point.as_double = Some(value.double()?),
        6 => point.as_int = Some(value.fixed64()?.cast_signed()),
        7 => push_attribute(&mut point.attributes, value, left)?,
        _ => {}
    }
    Ok(())
}

fn histogram_point<'a>(
    point: &mut Point<'a>,
    number: u64,
    value: Value<'a>,
    left: &mut Elements,
) -> Result<(), Unreadable> {
    match number {
        5 => point.sum = Some(value.double()?),
        6 => point.bucket_counts.extend(value.all_fixed64()?),
        7 => point
            .explicit_bounds
            .extend(value.all_fixed64()?.map(f64::from_bits)),
        9 => push_attribute(&mut point.attributes, value, left)?,
        _ => {}
    }
    Ok(())
}

impl<'a> Read<'a> for LogRecord<'a> {
    fn read(bytes: &'a [u8], left: &mut Elements) -> Result<Option<LogRecord<'a>>, Unreadable> {
        left.one_more()?;
        let mut record = LogRecord::default();
        for field in Fields::new(bytes) {
            match field? {
                (1, value) => record.time_unix_nano = value.fixed64()?,
                (6, value) => push_attribute(&mut record.attributes, value, left)?,
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
    value: Value<'a>,
    left: &mut Elements,
) -> Result<(), Unreadable> {
    left.one_more()?;
    let mut attribute = Attribute::default();
    for field in Fields::new(value.bytes()?) {
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
) -> Result<Any<'a>, Unreadable> {
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
                for field in Fields::new(value.bytes()?) {
                    if let (1, value) = field? {
                        left.one_more()?;
                        list.push(self::any(value.bytes()?, None, left)?);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(any)
}
