//! Which stretches of time say nothing of what users got.

use super::Subject;
use crate::{definition::Slo, input::manifest::Correction};

impl<'a> Subject<'a> {
    /// Returns the corrections that are about an SLO, in the order of the file.
    pub(crate) fn corrections(&self, slo: &Slo) -> impl Iterator<Item = &'a Correction> + use<'a> {
        let slo = &slo.identity;
        let names = [slo.journey.clone(), slo.part(), slo.name_in_service()];
        let corrections = self.facts().map_or(&[][..], |facts| &facts.correction);
        corrections.iter().filter(move |correction| {
            let on = correction.on.as_ref();
            on.is_none_or(|on| names.contains(on.get_ref()))
        })
    }
}
