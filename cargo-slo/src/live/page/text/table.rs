//! Which texts there are.

use crate::text::Counted;

/// All words of the page in one language.
#[derive(Debug)]
pub(in super::super) struct Texts {
    /// The language, as HTML names it.
    pub(in super::super) tag: &'static str,
    pub(in super::super) frame: Frame,
    pub(in super::super) scale: Scale,
    pub(in super::super) attention: Attention,
    pub(in super::super) start: Start,
    pub(in super::super) refused: Refused,
    pub(in super::super) refusal: Refusal,
    pub(in super::super) remark: Remark,
    pub(in super::super) service: Service,
    pub(in super::super) journey: Journey,
    pub(in super::super) alert: Alert,
    pub(in super::super) latency: Latency,
    pub(in super::super) consumers: Consumers,
    pub(in super::super) unannotated: Unannotated,
    pub(in super::super) events: Events,
}

/// What is around the main part.
#[derive(Debug)]
pub(in super::super) struct Frame {
    pub(in super::super) skip: &'static str,
    pub(in super::super) contents: &'static str,
    pub(in super::super) snapshot: &'static str,
    pub(in super::super) live: &'static str,
    pub(in super::super) paused: &'static str,
    pub(in super::super) lost: &'static str,
    pub(in super::super) pause: &'static str,
    pub(in super::super) resume: &'static str,
    pub(in super::super) copied: &'static str,
    /// The other language, how it is asked for, and how HTML names it.
    pub(in super::super) other: &'static str,
    pub(in super::super) other_query: &'static str,
    pub(in super::super) other_tag: &'static str,
    pub(in super::super) footer: &'static str,
    pub(in super::super) remarks: &'static str,
    /// A button that copies what is named.
    pub(in super::super) copy: &'static str,
    pub(in super::super) copy_what: &'static str,
    pub(in super::super) ago: &'static str,
    pub(in super::super) unknown: &'static str,
}

/// The speed of budgets.
#[derive(Debug)]
pub(in super::super) struct Scale {
    pub(in super::super) seen_at: &'static str,
    pub(in super::super) faster: &'static str,
    pub(in super::super) same: &'static str,
}

/// What needs attention.
#[derive(Debug)]
pub(in super::super) struct Attention {
    pub(in super::super) heading: &'static str,
    pub(in super::super) calm: &'static str,
    pub(in super::super) refused: &'static str,
    pub(in super::super) alerting: &'static str,
    pub(in super::super) more_alerting: Counted,
    pub(in super::super) lost: &'static str,
    pub(in super::super) overflow: &'static str,
    pub(in super::super) silent: &'static str,
    pub(in super::super) outside: &'static str,
    pub(in super::super) never_called: Counted,
    pub(in super::super) unannotated: Counted,
}

/// What to do in the first minute.
#[derive(Debug)]
pub(in super::super) struct Start {
    pub(in super::super) heading: &'static str,
    pub(in super::super) no_event: &'static str,
    pub(in super::super) child: &'static str,
    pub(in super::super) elsewhere: &'static str,
    pub(in super::super) layer: &'static str,
    pub(in super::super) request: &'static str,
    pub(in super::super) command: &'static str,
}

/// Requests that the receiver refused.
#[derive(Debug)]
pub(in super::super) struct Refused {
    pub(in super::super) heading: &'static str,
    pub(in super::super) intro: &'static str,
    pub(in super::super) count: Counted,
    pub(in super::super) last: &'static str,
    pub(in super::super) mend: &'static str,
}

/// Why a request was refused.
#[derive(Debug)]
pub(in super::super) struct Refusal {
    pub(in super::super) other_host: &'static str,
    pub(in super::super) other_site: &'static str,
    pub(in super::super) method: &'static str,
    pub(in super::super) content_type: &'static str,
    pub(in super::super) compression: &'static str,
    pub(in super::super) path_twice: &'static str,
    pub(in super::super) no_path: &'static str,
    pub(in super::super) other_path: &'static str,
    pub(in super::super) too_long: &'static str,
    pub(in super::super) too_many: &'static str,
    pub(in super::super) not_gzip: &'static str,
    pub(in super::super) not_one_message: &'static str,
    pub(in super::super) not_protobuf: &'static str,
    pub(in super::super) not_json: &'static str,
    pub(in super::super) attributes: &'static str,
    pub(in super::super) not_a_count: &'static str,
    pub(in super::super) series: &'static str,
    pub(in super::super) processes: &'static str,
}

/// What is reported once.
#[derive(Debug)]
pub(in super::super) struct Remark {
    pub(in super::super) shortest_window: &'static str,
    pub(in super::super) traces_dropped: &'static str,
    pub(in super::super) traces_forwarded: &'static str,
    pub(in super::super) forwarded: &'static str,
    pub(in super::super) forwarded_with_failures: &'static str,
    pub(in super::super) slow_exports: &'static str,
    pub(in super::super) differences: &'static str,
    pub(in super::super) no_instance: &'static str,
    pub(in super::super) no_name: &'static str,
    pub(in super::super) overflow: &'static str,
    pub(in super::super) other_definitions: &'static str,
}

/// A service and its processes.
#[derive(Debug)]
pub(in super::super) struct Service {
    pub(in super::super) lost: &'static str,
    pub(in super::super) overflow: &'static str,
    pub(in super::super) processes: Counted,
    pub(in super::super) instance: &'static str,
    pub(in super::super) started: &'static str,
    pub(in super::super) seen: &'static str,
    pub(in super::super) restarts: &'static str,
    pub(in super::super) state: &'static str,
    pub(in super::super) running: &'static str,
    pub(in super::super) ended: &'static str,
    pub(in super::super) journeys: &'static str,
    pub(in super::super) no_journeys: &'static str,
    pub(in super::super) began: &'static str,
    /// What a bar of a timeline stands for, and the line below a timeline.
    pub(in super::super) bar: &'static str,
    pub(in super::super) timeline: &'static str,
    pub(in super::super) span: &'static str,
    pub(in super::super) interval: &'static str,
    pub(in super::super) intervals: &'static str,
}

/// A journey, its steps, and their SLIs.
#[derive(Debug)]
pub(in super::super) struct Journey {
    pub(in super::super) owner: &'static str,
    pub(in super::super) caption: &'static str,
    pub(in super::super) whole: &'static str,
    pub(in super::super) sli: &'static str,
    pub(in super::super) target: &'static str,
    pub(in super::super) target_over: &'static str,
    pub(in super::super) no_target: &'static str,
    pub(in super::super) good: &'static str,
    pub(in super::super) bad: &'static str,
    pub(in super::super) excluded: &'static str,
    pub(in super::super) within: &'static str,
    pub(in super::super) within_counts: &'static str,
    pub(in super::super) budget: &'static str,
    pub(in super::super) burn: &'static str,
    pub(in super::super) alert: &'static str,
    pub(in super::super) in_flight: &'static str,
    pub(in super::super) results: &'static str,
    pub(in super::super) never_called: &'static str,
    pub(in super::super) call: &'static str,
    pub(in super::super) outside: &'static str,
    pub(in super::super) last_success: &'static str,
    pub(in super::super) due: &'static str,
    pub(in super::super) runbook: &'static str,
}

/// Whether somebody would be called.
#[derive(Debug)]
pub(in super::super) struct Alert {
    pub(in super::super) yes: &'static str,
    pub(in super::super) after: Counted,
    pub(in super::super) never: &'static str,
    /// Which condition, or why none.
    pub(in super::super) page_over: &'static str,
    pub(in super::super) ticket_over: &'static str,
    pub(in super::super) out_of_reach: &'static str,
    pub(in super::super) no_alert: &'static str,
    /// The states of a journey.
    pub(in super::super) page: &'static str,
    pub(in super::super) ticket: &'static str,
    pub(in super::super) spent: &'static str,
    pub(in super::super) calm: &'static str,
    pub(in super::super) no_event: &'static str,
    pub(in super::super) no_slo: &'static str,
}

/// How long events took.
#[derive(Debug)]
pub(in super::super) struct Latency {
    pub(in super::super) heading: &'static str,
    pub(in super::super) caption: &'static str,
    pub(in super::super) within: &'static str,
    pub(in super::super) longer: &'static str,
    pub(in super::super) events: &'static str,
    pub(in super::super) share: &'static str,
    pub(in super::super) threshold: &'static str,
    pub(in super::super) sum: &'static str,
}

/// Who called.
#[derive(Debug)]
pub(in super::super) struct Consumers {
    pub(in super::super) heading: &'static str,
    pub(in super::super) caption: &'static str,
    pub(in super::super) consumer: &'static str,
    pub(in super::super) share: &'static str,
    pub(in super::super) more: &'static str,
}

/// Routes without an annotation.
#[derive(Debug)]
pub(in super::super) struct Unannotated {
    pub(in super::super) heading: &'static str,
    pub(in super::super) intro: &'static str,
    pub(in super::super) route: &'static str,
    pub(in super::super) annotation: &'static str,
    pub(in super::super) no_route: &'static str,
}

/// The last events.
#[derive(Debug)]
pub(in super::super) struct Events {
    pub(in super::super) heading: &'static str,
    pub(in super::super) intro: &'static str,
    pub(in super::super) none: &'static str,
    pub(in super::super) show: &'static str,
    pub(in super::super) all: &'static str,
    pub(in super::super) bad: &'static str,
    pub(in super::super) others: &'static str,
    pub(in super::super) journeys: &'static str,
    pub(in super::super) every_journey: &'static str,
    pub(in super::super) time: &'static str,
    pub(in super::super) endpoint: &'static str,
    pub(in super::super) result: &'static str,
    pub(in super::super) took: &'static str,
    pub(in super::super) of_threshold: &'static str,
    pub(in super::super) status: &'static str,
    pub(in super::super) consumer: &'static str,
    pub(in super::super) trace: &'static str,
    pub(in super::super) held_back: &'static str,
    pub(in super::super) suppressed: Counted,
    /// The outcomes of an SLI.
    pub(in super::super) good: &'static str,
    pub(in super::super) excluded: &'static str,
}
