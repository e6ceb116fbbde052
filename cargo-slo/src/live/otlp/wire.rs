//! Protocol Buffers, as far as they are read: fields in the bytes of a message, nothing copied.
//!
//! Decoders of libraries build a whole message before anything of it can be counted: two bytes of an
//! empty data point become a hundred of memory. Here whoever walks through the fields decides.

/// The bytes are not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Varint(u64),
    Fixed64(u64),
    Bytes(&'a [u8]),
    Fixed32(u32),
}

impl<'a> Value<'a> {
    pub(super) fn bytes(self) -> Result<&'a [u8], Malformed> {
        match self {
            Value::Bytes(bytes) => Ok(bytes),
            _ => Err(Malformed),
        }
    }

    pub(super) fn text(self) -> Result<&'a str, Malformed> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Malformed)
    }

    pub(super) fn fixed64(self) -> Result<u64, Malformed> {
        match self {
            Value::Fixed64(n) => Ok(n),
            _ => Err(Malformed),
        }
    }

    pub(super) fn double(self) -> Result<f64, Malformed> {
        self.fixed64().map(f64::from_bits)
    }

    pub(super) fn varint(self) -> Result<u64, Malformed> {
        match self {
            Value::Varint(n) => Ok(n),
            _ => Err(Malformed),
        }
    }

    /// The values of a repeated field of 64 bits, which may be packed.
    pub(super) fn all_fixed64(self) -> Result<impl Iterator<Item = u64> + use<'a>, Malformed> {
        let (one, packed) = match self {
            Value::Fixed64(n) => (Some(n), &[][..]),
            Value::Bytes(bytes) => (None, bytes.as_chunks::<8>().0),
            _ => return Err(Malformed),
        };
        let packed = packed.iter().map(|bytes| u64::from_le_bytes(*bytes));
        Ok(one.into_iter().chain(packed))
    }
}

/// The fields of a message with their numbers, in their order. Ends after an error.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn new(message: &'a [u8]) -> Fields<'a> {
        Fields(message)
    }

    fn varint(&mut self) -> Result<u64, Malformed> {
        let mut number = 0u64;
        for (place, byte) in self.0.iter().take(10).enumerate() {
            number |= u64::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                self.0 = &self.0[place + 1..];
                return Ok(number);
            }
        }
        Err(Malformed)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    fn field(&mut self) -> Result<(u64, Value<'a>), Malformed> {
        let tag = self.varint()?;
        let value = match tag & 7 {
            0 => Value::Varint(self.varint()?),
            1 => Value::Fixed64(u64::from_le_bytes(
                self.take(8)?.try_into().map_err(|_| Malformed)?,
            )),
            2 => {
                let length = usize::try_from(self.varint()?).map_err(|_| Malformed)?;
                Value::Bytes(self.take(length)?)
            }
            5 => Value::Fixed32(u32::from_le_bytes(
                self.take(4)?.try_into().map_err(|_| Malformed)?,
            )),
            _ => return Err(Malformed),
        };
        Ok((tag >> 3, value))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

/// Adds a number as it is written between tags and lengths.
fn push_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

/// Adds a field with a number.
pub(super) fn push_number(out: &mut Vec<u8>, field: u64, number: u64) {
    push_varint(out, field << 3);
    push_varint(out, number);
}

/// Adds a field with a text or a message.
pub(super) fn push_bytes(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    push_varint(out, field << 3 | 2);
    push_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut bytes = Vec::new();
        push_number(&mut bytes, 1, 300);
        push_bytes(&mut bytes, 15, b"why");
        push_number(&mut bytes, 1 << 20, u64::MAX);
        let fields: Result<Vec<_>, _> = Fields::new(&bytes).collect();
        assert_eq!(
            fields.unwrap(),
            [
                (1, Value::Varint(300)),
                (15, Value::Bytes(b"why")),
                (1 << 20, Value::Varint(u64::MAX)),
            ]
        );
    }

    #[test]
    fn what_ends_too_early_is_no_message() {
        for bytes in [
            &b"\x08"[..],
            b"\x09\0\0",
            b"\x0a\x05ab",
            b"\x0d\0",
            b"\x0b",
            b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        ] {
            assert!(Fields::new(bytes).any(|field| field.is_err()), "{bytes:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic_or_go_on_for_ever(bytes: Vec<u8>) {
            proptest::prop_assert!(Fields::new(&bytes).count() <= bytes.len());
        }
    }
}
