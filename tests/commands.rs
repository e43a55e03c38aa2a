//! Commands as a user meets them: every file in `tests/commands/` is a transcript with its exit status.
//!
//! `TRYCMD=overwrite cargo test --test commands` writes what came out in the place of what was expected.

#[test]
fn transcripts_are_true() {
    let cases = trycmd::TestCases::new();
    cases.env("SOURCE_DATE_EPOCH", "1790000000").env("NO_COLOR", "1");
    cases.case("tests/commands/*.trycmd");
}
