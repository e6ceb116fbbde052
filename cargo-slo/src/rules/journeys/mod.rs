//! Whether a journey says enough about itself to be reviewed.

pub(in crate::rules) mod journey_facts;
pub(in crate::rules) mod journey_failure;
pub(in crate::rules) mod journey_of_one_endpoint;
pub(in crate::rules) mod journey_without_availability;
pub(in crate::rules) mod no_runbook;
pub(in crate::rules) mod service_description;
pub(in crate::rules) mod status_without_reason;
