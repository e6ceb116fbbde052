//! Hostile texts in every field that takes one, in every output.
//!
//! Each run is made twice: once with a plain word in each field, once with a text that is meant to
//! break something. Parsers that share nothing with our writers read both, and the two must be of
//! the same shape, with the text, or what is documented to be seen of it, where the word was. Over
//! all rounds each field says each text.

mod commands;
mod compare;
mod documents;
mod expressions;
mod generated;
mod inputs;
mod readers;
mod reports;
mod texts;

use commands::{Outputs, run};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
    time::Instant,
};

/// What random texts are made from.
const SEED: u64 = 14;
const ROUNDS: usize = texts::COUNT / inputs::SERVICES;

/// What a round says, and how to tell a difference.
struct Round<'a> {
    plain: &'a Outputs,
    hostile: Outputs,
    /// By the number of its field.
    texts: Vec<String>,
    /// The texts inside expressions that a parser has read, as they stand there.
    parsed: RefCell<BTreeSet<String>>,
}

impl Round<'_> {
    /// The texts as they are, where a name holds less of one.
    fn text(&self, number: usize) -> String {
        match number % inputs::FIELDS {
            0 => inputs::in_name(&self.texts[number]),
            _ => self.texts[number].clone(),
        }
    }

    /// True for expressions with a text in them that no parser has read yet in this round: that
    /// they are the same around their texts is known without one.
    fn parses(&self, expr: &str) -> bool {
        let texts = expr.split('"').skip(1);
        let mut parsed = self.parsed.borrow_mut();
        // All are entered, whether one was new or not.
        let new = texts.filter(|text| parsed.insert((*text).to_owned()));
        new.count() > 0
    }

    /// What belongs where this stands in the plain output.
    fn expected(&self, plain: &str, form: fn(&str) -> String) -> String {
        compare::substituted(plain, &|number| form(&self.text(number)))
    }

    /// The files of a folder in pairs: plain name, plain content, hostile content.
    fn files(&self, folder: &str) -> Vec<(&str, &str, &str)> {
        let (plain, hostile) = (&self.plain.files[folder], &self.hostile.files[folder]);
        assert_eq!(plain.len(), hostile.len(), "{folder}: {:?}", hostile.keys());
        let pairs = plain.iter().map(|(name, content)| {
            let expected = self.expected(name, str::to_owned);
            let found = match hostile.get(&expected) {
                Some(found) => found.as_str(),
                // Names of Kubernetes' objects are made of hashes; one for each SLO.
                None => at_the_same_place(plain, hostile, name),
            };
            (&**name, &**content, found)
        });
        pairs.collect()
    }
}

/// The file whose identity is the same, for files that are called after a hash of it.
fn at_the_same_place<'a>(
    plain: &BTreeMap<String, String>,
    hostile: &'a BTreeMap<String, String>,
    name: &str,
) -> &'a str {
    assert!(
        name.ends_with(".pyrra.yaml"),
        "{name}: {:?}",
        hostile.keys()
    );
    let slo = |content: &str| {
        let line = content
            .lines()
            .find(|line| line.contains("cargo-slo/slo:"))
            .unwrap();
        let identity = line.split_once(": \"").unwrap().1.to_owned();
        let service = identity.get(..2).unwrap().to_owned();
        (service, identity.rsplit_once('/').unwrap().1.to_owned())
    };
    let wanted = slo(&plain[name]);
    let found = hostile
        .iter()
        .find(|(name, content)| name.ends_with(".pyrra.yaml") && slo(content) == wanted);
    found
        .unwrap_or_else(|| panic!("nothing is about {wanted:?}"))
        .1
}

#[test]
fn every_text_in_every_field_is_that_text_in_every_output() {
    let begin = Instant::now();
    let all = texts::all(SEED);
    let distinct: BTreeSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), texts::COUNT);
    let plain = run(&compare::word).with_pages();
    let fields = inputs::SERVICES * inputs::FIELDS;
    let wrong = Mutex::new(Vec::new());
    let next = Mutex::new(0..ROUNDS);
    let compared = Mutex::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(round) = next.lock().unwrap().next() else {
                        return;
                    };
                    let text = |number: usize| {
                        let (service, field) = (number / inputs::FIELDS, number % inputs::FIELDS);
                        all[(service * ROUNDS + field + round) % texts::COUNT].clone()
                    };
                    let round_of = Round {
                        plain: &plain,
                        hostile: run(&text),
                        texts: (0..fields).map(text).collect(),
                        parsed: RefCell::default(),
                    };
                    let mut found = generated::differences(&round_of);
                    found.extend(documents::differences(&round_of));
                    found.extend(reports::differences(&round_of));
                    *compared.lock().unwrap() += 1;
                    let told = found
                        .into_iter()
                        .map(|what| format!("round {round}, {what}"));
                    wrong.lock().unwrap().extend(told);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(
        wrong.is_empty(),
        "seed {SEED}: {} differences:\n{}",
        wrong.len(),
        wrong
            .iter()
            .take(12)
            .cloned()
            .collect::<Vec<_>>()
            .join("\n")
    );
    assert_eq!(compared.into_inner().unwrap(), ROUNDS);
    reached(&plain);
    println!(
        "{} texts in {} fields, seed {SEED}, {:?}",
        texts::COUNT,
        inputs::FIELDS,
        begin.elapsed()
    );
}

/// Every field is in some output, or the comparison would say nothing about it.
fn reached(plain: &Outputs) {
    let printed = plain.printed.values().map(|run| run.out.as_str());
    let files = plain
        .files
        .values()
        .flat_map(BTreeMap::values)
        .map(String::as_str);
    let all: Vec<_> = printed.chain(files).collect();
    for field in 0..inputs::FIELDS {
        let word = compare::word(field);
        let count = all.iter().filter(|output| output.contains(&word)).count();
        assert!(count > 0, "field {field} reaches no output");
    }
}
