//! The name of a service: for the start of the export, and as a record.

use super::{
    caret::Caret,
    declaration::{Place, source},
    section,
    steps::{Steps, variable},
};
use crate::model::{Answer, Service};
use proc_macro2::{Span, TokenStream};
use quote::quote;

/// Items without a name.
pub(crate) fn service(service: &Service) -> TokenStream {
    let Service { sdk, name } = service;
    let private = quote!(#sdk::__private);
    let place = Place {
        function: String::new(),
        span: Span::call_site(),
        answer: Answer::Unknown,
    };
    let mut steps = Steps::new(&private);
    steps.bind_text("name", name);
    steps.set("source", &source(&private, &place));
    steps.call(
        "service",
        Caret::at(name),
        "ServiceName::new",
        &["name", "source"],
    );
    let steps = steps.finish();
    let value = variable("service");
    let statics = (!cfg!(feature = "off")).then(|| {
        let section = section::attributes();
        quote! {
            #section
            static __SLO_RECORD: [u8; #private::service_len(&__SLO_SERVICE)] =
                #private::encode_service(&__SLO_SERVICE);
            #[#private::linkme::distributed_slice(#private::SERVICE_NAMES)]
            #[linkme(crate = #private::linkme)]
            static __SLO_LINK: #private::ServiceName = __SLO_SERVICE;
        }
    });
    quote! {
        const _: () = {
            const __SLO_SERVICE: #private::ServiceName = {
                #steps
                #value
            };
            #statics
            let _ = __SLO_SERVICE;
        };
    }
}
