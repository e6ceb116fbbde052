//! Who is told when, and what to do then.

use super::subject::{About, head, named, section as empty, written};
use crate::{
    definition::Slo,
    document::{
        model::{Block, Column, Line, Section, Table},
        text::{Texts, fill},
    },
    fleet::Subject,
    text::numbers::grouped,
};
use slo_model::{
    Decimal, Target, Window,
    burn_rate::{Condition, Severity},
};

/// Everything fails, and every tenth event does.
const OUTAGE: Decimal = Decimal::new(1, 1);
const TENTH: Decimal = Decimal::new(1, 10);

pub(super) fn section(about: &About<'_>) -> Section {
    let texts = &about.texts.alerts;
    let mut section = empty("alerts", texts.heading);
    section
        .blocks
        .push(Block::Paragraph(Line::text(texts.intro)));
    let catalogue = &about.known.subject.catalogue.burn_rates;
    let setting = about.facts().and_then(|facts| facts.burn_rates.as_ref());
    if let Some(setting) = setting.filter(|setting| catalogue.get(setting.get_ref()).is_some()) {
        let name = Line::code(setting.get_ref());
        section
            .blocks
            .push(Block::Paragraph(fill(texts.setting, &[("name", name)])));
    }
    let setting = setting.and_then(|setting| catalogue.get(setting.get_ref()));
    if let Some(pages) = setting.and_then(|setting| setting.false_pages) {
        let count = Line::text(pages.a_month().to_string());
        section.blocks.push(Block::Paragraph(fill(
            about.texts.uncounted.false_pages,
            &[("count", count)],
        )));
    }
    if !about.service().slos.is_empty() {
        let at = Line::text(about.texts.approval.conditions_at);
        section
            .blocks
            .push(Block::Paragraph(Line::place("alert-conditions", at)));
        section.sections.push(others(about));
        section.sections.push(what_to_do(about));
    }
    section
}

/// When alerts fire, in a table per target, for those who look closely.
pub(super) fn conditions(about: &About<'_>) -> Section {
    let mut section = empty("alert-conditions", about.texts.approval.conditions);
    let groups = groups(about.known.subject);
    section.sections = groups.iter().map(|group| of_group(about, group)).collect();
    section
}

/// What the team wants to be told of, and the alerts beside those of burn rates.
fn others(about: &About<'_>) -> Section {
    let texts = &about.texts.uncounted;
    let mut section = empty("other-alerts", texts.alerts);
    let wishes = about.facts().into_iter().flat_map(|facts| &facts.detect);
    let wishes: Vec<Line> = wishes
        .map(|(name, wish)| {
            let wish = wish.get_ref();
            let name = ("name", Line::code(name.get_ref()));
            let errors = ("errors", Line::text(grouped(wish.errors)));
            match wish.within {
                None => fill(texts.wish, &[name, errors]),
                Some(within) => {
                    let span = Line::text(about.texts.span(within.count()));
                    fill(texts.wish_within, &[name, errors, ("span", span)])
                }
            }
        })
        .collect();
    if !wishes.is_empty() {
        let intro = Block::Paragraph(fill(texts.wishes, &[]));
        section.blocks.extend([intro, Block::List(wishes)]);
    }
    let has_jobs = about
        .service()
        .endpoints
        .iter()
        .any(|one| one.every.is_some());
    let others = [
        ("SloDataMissing", texts.data_missing, true),
        ("SloStuck", texts.stuck, true),
        ("SloNotMeasured", texts.not_measured, true),
        ("SloDataGap", texts.data_gap, true),
        ("SloRunMissed", texts.run_missed, has_jobs),
    ];
    let others = others.into_iter().filter(|(.., exists)| *exists);
    let others = others.map(|(name, text, _)| (Line::code(name), Line::text(text)));
    let intro = Block::Paragraph(Line::text(texts.alerts_intro));
    section
        .blocks
        .extend([intro, Block::Facts(others.collect())]);
    section
}

/// The SLOs that have the same alerts: those with one target over one window, and one setting.
struct Group<'a> {
    /// The setting, where it is not that of the whole service.
    setting: Option<&'a str>,
    target: Target,
    window: Window,
    slos: Vec<&'a Slo>,
}

fn groups<'a>(subject: &Subject<'a>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for slo in &subject.service.slos {
        let setting = subject.alerts.own_name(slo);
        let own = groups.iter_mut().find(|group| {
            (group.target, group.window, group.setting) == (slo.target, slo.window, setting)
        });
        match own {
            Some(group) => group.slos.push(slo),
            None => groups.push(Group {
                setting,
                target: slo.target,
                window: slo.window,
                slos: vec![slo],
            }),
        }
    }
    // The strictest first; those that were found first stay first among equals.
    groups.sort_by_key(|group| std::cmp::Reverse(group.target));
    groups
}

fn of_group(about: &About<'_>, group: &Group<'_>) -> Section {
    let texts = &about.texts.alerts;
    let places = [
        ("target", Line::text(Texts::target(group.target))),
        ("window", Line::text(about.texts.window(group.window))),
    ];
    let slos = about.listed(group.slos.iter().map(|slo| named(slo)));
    let conditions = match group.slos.first() {
        Some(slo) => about.known.subject.alerts.over(slo),
        None => Vec::new(),
    };
    let rows = conditions
        .iter()
        .map(|condition| row(about, group, condition));
    let mut id = format!("alerts/{}-{}", group.target.ppb(), group.window);
    let mut setting = None;
    if let Some(name) = group.setting {
        id += &format!("-{name}");
        let name = [("name", Line::code(name))];
        setting = Some(Block::Paragraph(fill(texts.setting, &name)));
    }
    let mut section = Section {
        id,
        title: fill(texts.group, &places),
        blocks: vec![
            Block::Paragraph(fill(texts.holds_for, &[("slos", slos)])),
            Block::Table(Table {
                caption: fill(texts.caption, &places),
                head: head(&[
                    (texts.alert, Column::Short),
                    (texts.factor, Column::Numbers),
                    (texts.windows, Column::Short),
                    (texts.threshold, Column::Numbers),
                    (texts.spent, Column::Numbers),
                    (texts.outage_seen, Column::Numbers),
                    (texts.tenth_seen, Column::Numbers),
                ]),
                rows: rows.collect(),
            }),
        ],
        sections: Vec::new(),
        is_sheet: false,
    };
    section.blocks.splice(1..1, setting);
    section
}

fn row(about: &About<'_>, group: &Group<'_>, condition: &Condition) -> Vec<Line> {
    let texts = about.texts;
    let seen = |failing| match condition.detection_minutes(group.target, failing) {
        Some(minutes) => Line::text(texts.minutes(minutes)),
        None => Line::text(texts.alerts.never),
    };
    let threshold = match condition.can_fire(group.target) {
        true => Line::text(Texts::share(condition.threshold(group.target))),
        false => Line::text(texts.alerts.silent),
    };
    let windows = [condition.long_minutes, condition.short_minutes];
    vec![
        Line::text(match condition.severity {
            Severity::Page => texts.alerts.page,
            Severity::Ticket => texts.alerts.ticket,
        }),
        Line::text(condition.factor.to_string()),
        Line::join(windows.map(|window| Line::text(texts.span(window))), " / "),
        threshold,
        Line::text(Texts::share(condition.budget_share(group.window))),
        seen(OUTAGE),
        seen(TENTH),
    ]
}

fn what_to_do(about: &About<'_>) -> Section {
    let texts = &about.texts.alerts;
    let mut section = empty("what-to-do", texts.what_to_do);
    section.blocks.push(Block::List(vec![
        Line::text(texts.on_page),
        Line::text(texts.on_ticket),
    ]));
    let rows = about.service().slos.iter().map(|slo| {
        let runbook = match written(&slo.runbook) {
            Some(_) => Line::page(&slo.runbook),
            None => fill(texts.no_runbook, &[]),
        };
        vec![Line::code(&slo.identity.name_in_service()), runbook]
    });
    section.blocks.push(Block::Table(Table {
        caption: Line::text(texts.runbooks),
        head: head(&[
            (about.texts.overview.slo, Column::Words),
            (texts.runbook, Column::Words),
        ]),
        rows: rows.collect(),
    }));
    section
}
