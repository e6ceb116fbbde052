//! Reasons in the words of a language.

use super::{
    numbers,
    text::{self, Texts},
    words::{Context, Part, fill, plain},
};
use crate::{
    document::Language,
    live::view::{ConditionView, Never, Refusal, Remark, Severity},
    text::{html::Writer, numbers::grouped},
};
use std::time::Duration;

/// A text of the tables with what is filled into it.
pub(super) struct Sentence<'a> {
    text: &'static str,
    parts: Vec<(&'static str, Part<'a>)>,
}

impl<'a> Sentence<'a> {
    fn plain(text: &'static str) -> Sentence<'a> {
        let parts = Vec::new();
        Sentence { text, parts }
    }

    fn new<const N: usize>(
        text: &'static str,
        parts: [(&'static str, Part<'a>); N],
    ) -> Sentence<'a> {
        let parts = parts.into();
        Sentence { text, parts }
    }

    pub(super) fn write(&self, w: &mut Writer) {
        fill(w, self.text, &self.parts);
    }
}

/// Returns why a request was refused, as a sentence for whoever sent it.
pub(in crate::live) fn refusal(refusal: &Refusal) -> String {
    let texts = text::of(Language::English);
    let Sentence { text, parts } = why_refused(texts, refusal);
    plain(text, &parts)
}

/// Why a request was refused.
pub(super) fn why_refused<'a>(texts: &'static Texts, refusal: &'a Refusal) -> Sentence<'a> {
    let texts = &texts.refusal;
    let found = |text, found| Sentence::new(text, [("found", Part::Code(found))]);
    let limit = |text, n| Sentence::new(text, [("n", Part::word(grouped(n)))]);
    match refusal {
        Refusal::OtherHost => Sentence::plain(texts.other_host),
        Refusal::OtherSite => Sentence::plain(texts.other_site),
        Refusal::Method { method } => found(texts.method, method),
        Refusal::ContentType { found: kind } => found(texts.content_type, kind),
        Refusal::Compression { found: kind } => found(texts.compression, kind),
        Refusal::PathTwice => Sentence::plain(texts.path_twice),
        Refusal::NoPath => Sentence::plain(texts.no_path),
        Refusal::OtherPath => Sentence::plain(texts.other_path),
        Refusal::TooLong { limit: most } => limit(texts.too_long, *most),
        Refusal::TooMany { limit: most } => limit(texts.too_many, *most),
        Refusal::NotGzip => Sentence::plain(texts.not_gzip),
        Refusal::NotOneMessage => Sentence::plain(texts.not_one_message),
        Refusal::NotProtobuf => Sentence::plain(texts.not_protobuf),
        Refusal::NotJson { error } => found(texts.not_json, error),
        Refusal::Attributes => Sentence::plain(texts.attributes),
        Refusal::NotACount => Sentence::plain(texts.not_a_count),
        Refusal::Series => Sentence::plain(texts.series),
        Refusal::Processes => Sentence::plain(texts.processes),
    }
}

/// Which condition of an alert it is.
pub(super) fn condition(cx: Context<'_>, condition: ConditionView) -> Sentence<'static> {
    let text = match condition.severity {
        Severity::Page => cx.texts.alert.page_over,
        Severity::Ticket => cx.texts.alert.ticket_over,
    };
    let window = Duration::from_secs(60 * u64::from(condition.minutes));
    let window = Part::word(cx.language.duration(window));
    Sentence::new(text, [("window", window)])
}

/// Why no alert fires.
pub(super) fn never(cx: Context<'_>, why: &Never) -> Sentence<'static> {
    match *why {
        Never::OutOfReach {
            burn_rate,
            bad_share,
        } => Sentence::new(
            cx.texts.alert.out_of_reach,
            [
                ("factor", Part::word(numbers::decimal(burn_rate))),
                ("share", Part::word(numbers::share(bad_share))),
            ],
        ),
        Never::NoAlert => Sentence::plain(cx.texts.alert.no_alert),
    }
}

/// What is reported once.
pub(super) fn remark<'a>(cx: Context<'_>, remark: &'a Remark) -> Sentence<'a> {
    let texts = &cx.texts.remark;
    let length = |seconds| Part::word(cx.language.duration(Duration::from_secs(seconds)));
    let of = |text, service| Sentence::new(text, [("service", Part::Name(service))]);
    match remark {
        Remark::ShortestWindow { seconds } => {
            Sentence::new(texts.shortest_window, [("window", length(*seconds))])
        }
        Remark::TracesDropped => Sentence::plain(texts.traces_dropped),
        Remark::TracesForwarded => Sentence::plain(texts.traces_forwarded),
        Remark::Forwarded {
            address,
            passed,
            failed,
            dropped,
            why,
        } => Sentence::new(
            match why {
                Some(_) => texts.forwarded_with_failures,
                None => texts.forwarded,
            },
            [
                ("address", Part::Code(address)),
                ("passed", Part::word(grouped(*passed))),
                ("failed", Part::word(grouped(*failed))),
                ("dropped", Part::word(grouped(*dropped))),
                ("why", Part::Name(why.as_deref().unwrap_or_default())),
            ],
        ),
        Remark::SlowExports { service, seconds } => Sentence::new(
            texts.slow_exports,
            [
                ("service", Part::Name(service)),
                ("interval", length(*seconds)),
            ],
        ),
        Remark::Differences { service } => of(texts.differences, service),
        Remark::NoInstance { service } => of(texts.no_instance, service),
        Remark::NoName { service } => of(texts.no_name, service),
        Remark::Overflow { exports } => {
            Sentence::new(texts.overflow, [("n", Part::word(grouped(*exports)))])
        }
        Remark::OtherDefinitions { service, parts } => Sentence::new(
            texts.other_definitions,
            [
                ("service", Part::Name(service)),
                ("parts", Part::Names(parts)),
            ],
        ),
    }
}
