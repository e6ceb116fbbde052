//! Descriptor sets, as `protoc --descriptor_set_out` and `buf build` write them.
//!
//! A method of a service is an endpoint, `/package.Service/Method`. With `--include_source_info`
//! the set says where in the `.proto` it stands, and findings point there.

use super::{
    Offered, RoutePattern,
    offered::{Listed, Protocols, check_length},
};
use crate::{diagnostics::Location, input::yaml::Wrong};
use prost::Message;
use prost_types::{FileDescriptorProto, FileDescriptorSet};
use std::collections::HashMap;

/// In a path of `SourceCodeInfo`: the services of a file, and the methods of a service.
const SERVICES: i32 = 6;
const METHODS: i32 = 2;

pub(super) fn endpoints(bytes: &[u8], file: &str) -> Result<Listed, Wrong> {
    let set = FileDescriptorSet::decode(bytes).map_err(|error| {
        Wrong::at(
            Location::file(file),
            format!("the file is not a descriptor set, or is damaged: {error}"),
        )
        .help("`protoc --include_source_info --descriptor_set_out=FILE` writes one, and so does `buf build -o FILE`")
    })?;
    let mut listed = Listed::about(Protocols::GRPC);
    for offered in set.file.iter().flat_map(|proto| of_proto(proto, file)) {
        check_length(&offered.name, || Location::file(file))?;
        listed.push(offered)?;
    }
    if listed.endpoints.is_empty() {
        return Err(Wrong::at(
            Location::file(file),
            "the file describes no service",
        ));
    }
    Ok(listed)
}

fn of_proto<'a>(
    proto: &'a FileDescriptorProto,
    file: &'a str,
) -> impl Iterator<Item = Offered> + 'a {
    let package = match proto.package() {
        "" => String::new(),
        package => format!("{package}."),
    };
    // By the number of the service and of the method: the line, from 0.
    let lines: HashMap<(i32, i32), i32> = proto
        .source_code_info
        .iter()
        .flat_map(|info| &info.location)
        .filter_map(|location| match location.path[..] {
            [SERVICES, service, METHODS, method] => {
                Some(((service, method), *location.span.first()?))
            }
            _ => None,
        })
        .collect();
    let services = proto.service.iter().zip(0..);
    services.flat_map(move |(service, number)| {
        let prefix = format!("/{package}{}", service.name());
        let methods: Vec<_> = service
            .method
            .iter()
            .zip(0..)
            .map(|(method, of)| {
                let name = format!("{prefix}/{}", method.name());
                let location = match lines.get(&(number, of)) {
                    Some(line) => Location {
                        line: u32::try_from(*line)
                            .ok()
                            .and_then(|line| line.checked_add(1)),
                        ..Location::file(proto.name())
                    },
                    None => Location {
                        part: Some(name.clone()),
                        ..Location::file(file)
                    },
                };
                Offered {
                    patterns: vec![RoutePattern::new(None, &name)],
                    operation: Some(method.name().to_owned()),
                    name,
                    location,
                }
            })
            .collect();
        methods
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost_types::{
        MethodDescriptorProto, ServiceDescriptorProto, SourceCodeInfo, source_code_info,
    };

    fn set(with_source: bool) -> Vec<u8> {
        let method = |name: &str| MethodDescriptorProto {
            name: Some(name.into()),
            ..Default::default()
        };
        let source_code_info = with_source.then(|| SourceCodeInfo {
            location: vec![source_code_info::Location {
                path: vec![6, 0, 2, 1],
                span: vec![11, 2, 40],
                ..Default::default()
            }],
        });
        let payments = FileDescriptorProto {
            name: Some("payments.proto".into()),
            package: Some("pay.v1".into()),
            service: vec![ServiceDescriptorProto {
                name: Some("Payments".into()),
                method: vec![method("Pay"), method("Refund")],
                ..Default::default()
            }],
            source_code_info,
            ..Default::default()
        };
        FileDescriptorSet {
            file: vec![payments],
        }
        .encode_to_vec()
    }

    #[test]
    fn methods_are_endpoints() {
        let listed = endpoints(&set(true), "api.bin").unwrap().endpoints;
        let names: Vec<_> = listed.iter().map(|one| &*one.name).collect();
        assert_eq!(names, ["/pay.v1.Payments/Pay", "/pay.v1.Payments/Refund"]);
        assert_eq!(
            (&*listed[1].location.file, listed[1].location.line),
            ("payments.proto", Some(12))
        );
        let without = &endpoints(&set(false), "api.bin").unwrap().endpoints[1];
        assert_eq!(without.location.file, "api.bin");
    }

    #[test]
    fn a_set_that_is_cut_off_is_refused_or_shorter() {
        let whole = set(true);
        let (mut refused, mut read) = (0, 0);
        for length in 0..whole.len() {
            match endpoints(&whole[..length], "f") {
                Err(_) => refused += 1,
                Ok(_) => read += 1,
            }
        }
        // The only file of the set is one message, whose length is at its start.
        assert_eq!((refused, read), (whole.len(), 0));
        assert!(endpoints(b"openapi: 3.0.0\n", "f").is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_are_too_wild(bytes: Vec<u8>, at: usize, byte: u8) {
            let _ = endpoints(&bytes, "f");
            let mut changed = set(true);
            let at = at % changed.len();
            changed[at] = byte;
            let _ = endpoints(&changed, "f");
        }
    }
}
