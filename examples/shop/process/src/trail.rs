//! How far a request came.
//!
//! A client sees one status; behind a gateway it can't know whose it is. So each service
//! that calls another says in the answer what it saw of the other, before what the other
//! said itself: `orders=502,payments=13` is the answer of a gateway that got 502 from the
//! orders service, which had got the gRPC status 13 from payments. `orders=broken` is a
//! connection that ended without an answer. A service that is not mentioned was not called.

use std::{fmt, str::FromStr};

/// The services behind the one that answered, nearest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail(Vec<Hop>);

/// One service that was called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// Its name.
    pub service: String,
    /// What its caller saw of it.
    pub saw: Saw,
}

/// What a caller saw of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saw {
    /// An answer with this HTTP status or gRPC status code.
    Status(u16),
    /// No answer: the connection or the stream broke off.
    Broken,
}

impl Trail {
    /// The header that carries it.
    pub const HEADER: &str = "x-shop-trail";

    /// The trail of a request that went to this service and from there along `rest`.
    pub fn through(service: &str, saw: Saw, rest: Trail) -> Trail {
        let mut hops = vec![Hop {
            service: service.to_owned(),
            saw,
        }];
        hops.extend(rest.0);
        Trail(hops)
    }

    /// The trail in a header's value; none where there is no header or nothing to read in it.
    pub fn from_header(header: Option<&[u8]>) -> Trail {
        let text = header.and_then(|value| str::from_utf8(value).ok());
        text.and_then(|text| text.parse().ok()).unwrap_or_default()
    }

    /// The services, nearest first.
    pub fn hops(&self) -> &[Hop] {
        &self.0
    }
}

impl fmt::Display for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, Hop { service, saw }) in self.0.iter().enumerate() {
            let comma = if i > 0 { "," } else { "" };
            match saw {
                Saw::Status(status) => write!(f, "{comma}{service}={status}")?,
                Saw::Broken => write!(f, "{comma}{service}=broken")?,
            }
        }
        Ok(())
    }
}

/// A trail that can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrailError;

impl fmt::Display for TrailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a trail is written `orders=502,payments=13`")
    }
}

impl std::error::Error for TrailError {}

impl FromStr for Trail {
    type Err = TrailError;

    fn from_str(text: &str) -> Result<Trail, TrailError> {
        let hop = |part: &str| {
            let (service, saw) = part.split_once('=').ok_or(TrailError)?;
            let saw = match saw {
                "broken" => Saw::Broken,
                status => Saw::Status(status.parse().map_err(|_| TrailError)?),
            };
            Ok(Hop {
                service: service.to_owned(),
                saw,
            })
        };
        text.split(',')
            .filter(|part| !part.is_empty())
            .map(hop)
            .collect::<Result<_, _>>()
            .map(Trail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trails_are_written_and_read() {
        let trail = Trail::through("payments", Saw::Status(13), Trail::default());
        let trail = Trail::through("orders", Saw::Status(502), trail);
        assert_eq!(trail.to_string(), "orders=502,payments=13");
        assert_eq!(trail.to_string().parse(), Ok(trail));
        assert_eq!(
            "a=broken".parse::<Trail>().map(|t| t.hops()[0].saw),
            Ok(Saw::Broken)
        );
        assert_eq!("".parse(), Ok(Trail::default()));
        assert!("a".parse::<Trail>().is_err() && "a=b".parse::<Trail>().is_err());
    }
}
