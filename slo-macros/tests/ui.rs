//! What the compiler says about annotations that are wrong, word by word.
//!
//! Where the compiler itself speaks, its words are those of the version the corpus was
//! written with; another one fails the test and shows what changed.
//! `TRYBUILD=overwrite cargo test -p slo-macros --test ui` writes the corpus again.

#[test]
fn wrong_annotations_are_explained() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/fail/*.rs");
}
