//! What helps where a budget holds too few events.

use crate::{
    definition::Slo,
    fleet::{Fleet, Subject},
    input::values::Traffic,
    rules::Finding,
    text::numbers::{counted, grouped, minutes},
};
use slo_model::{Decimal, PPB, Target, Window, budget};

pub(in crate::rules) use crate::rules::promise::FEW_EVENTS;

/// Adds ways to a budget of at least [`FEW_EVENTS`] events, each with its numbers; the ones that don't
/// work at this traffic are left out.
pub(in crate::rules) fn ways_out(
    finding: Finding,
    fleet: &Fleet<'_>,
    subject: &Subject<'_>,
    slo: &Slo,
    traffic: Traffic,
) -> Finding {
    let finding = match lower_target(slo, traffic) {
        Some((target, words)) => finding.promise(fleet, subject, slo, target, words),
        None => finding,
    };
    let others = [
        longer_window(slo, traffic),
        journey(subject, slo),
        probes(slo, traffic),
    ];
    finding.helps(others.into_iter().flatten())
}

/// The tightest target with two digits of budget that is loose enough.
fn lower_target(slo: &Slo, traffic: Traffic) -> Option<(Target, String)> {
    let valid = traffic.within(slo.window);
    if valid == 0 {
        return None;
    }
    let needed = (FEW_EVENTS * u64::from(PPB)).div_ceil(valid);
    let step = 10u64.pow(needed.to_string().len().saturating_sub(2).try_into().ok()?);
    let budget = needed.div_ceil(step) * step;
    // Whoever may fail every tenth request promises nothing worth an alert.
    if budget > u64::from(PPB) / 10 {
        return None;
    }
    let target = Target::try_from_ppb(PPB - u32::try_from(budget).ok()?)?;
    let held = budget::events(valid, target);
    let words = format!(
        "lower the target: at {target} the budget holds {}",
        counted(held, "bad event")
    );
    Some((target, words))
}

fn longer_window(slo: &Slo, traffic: Traffic) -> Option<String> {
    let held = |days| budget::events(traffic.within(Window::days(days)), slo.target);
    let enough = (slo.window.length_days()..=366).find(|days| held(*days) >= FEW_EVENTS)?;
    // Windows of whole weeks hold as many weekends each time.
    let days = enough.next_multiple_of(7).min(366);
    Some(format!(
        "lengthen the window: at {days} days the budget holds {}",
        counted(held(days), "bad event")
    ))
}

fn journey(subject: &Subject<'_>, slo: &Slo) -> Option<String> {
    slo.identity.endpoint.as_ref()?;
    let of_journey = subject.service.slos.iter().find(|other| {
        let (a, b) = (&other.identity, &slo.identity);
        a.endpoint.is_none() && a.journey == b.journey && a.sli == b.sli
    })?;
    let valid = subject
        .traffic(of_journey)?
        .traffic
        .within(of_journey.window);
    let held = budget::events(valid, of_journey.target);
    (held >= FEW_EVENTS).then(|| {
        format!(
            "leave the endpoint to its journey: `{}` sees {} in {}, a budget of {}",
            of_journey.identity.name_in_service(),
            counted(valid, "event"),
            of_journey.window,
            grouped(held)
        )
    })
}

fn probes(slo: &Slo, traffic: Traffic) -> Option<String> {
    let needed = (FEW_EVENTS * u64::from(PPB)).div_ceil(slo.target.budget_ppb().into());
    let missing = needed.checked_sub(traffic.within(slo.window))?;
    let seconds = u64::from(slo.window.length_minutes()) * 60 / missing.max(1);
    // More often than that, probes would be the traffic.
    (missing > 0 && seconds >= 10).then(|| {
        format!(
            "add synthetic probes: one every {} makes {} more in {}, so that the budget holds \
             {FEW_EVENTS} bad ones; they see less than users do",
            minutes(Decimal::new(whole(seconds).into(), 60)),
            counted(missing, "event"),
            slo.window
        )
    })
}

/// Seconds in the unit people set them in, rounded down so that there are enough probes.
fn whole(seconds: u64) -> u64 {
    match seconds {
        s if s >= 7200 => s / 3600 * 3600,
        s if s >= 120 => s / 60 * 60,
        s => s,
    }
}
