//! Which build of a service it is, as options and as CI says it.

use super::failure::Failure;
use crate::{
    diagnostics::Diagnostic,
    input::{export_file::Build, values::Date},
};
use clap::Args;
use std::env;

/// Longest version, in characters: a name of a tag.
const LONGEST_VERSION: usize = 100;

/// Variables that say the commit: of GitHub, GitLab, Buildkite, CircleCI, Jenkins.
const COMMIT: [&str; 5] = [
    "GITHUB_SHA",
    "CI_COMMIT_SHA",
    "BUILDKITE_COMMIT",
    "CIRCLE_SHA1",
    "GIT_COMMIT",
];

/// Variables that say the tag, where one is built.
const TAG: [&str; 3] = ["CI_COMMIT_TAG", "BUILDKITE_TAG", "CIRCLE_TAG"];

/// What was built: said by nothing but these and the usual variables of CI.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What was built")]
pub(super) struct BuildOptions {
    /// The commit [default: the one that CI says, if it does]
    #[arg(long, value_name = "HASH")]
    commit: Option<String>,
    /// The version of the service [default: the tag that CI says, if it does]
    #[arg(long, value_name = "VERSION")]
    service_version: Option<String>,
    /// The day of the commit [default: the one that CI says, if it does]
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<Date>,
}

impl BuildOptions {
    /// What the options say, else what CI does.
    pub(super) fn read(&self) -> Result<Build, Failure> {
        if let Some(commit) = &self.commit
            && !is_commit(commit)
        {
            return Err(
                Diagnostic::error(format!("`{commit}` is not a hash of a commit"))
                    .with_help(
                        "give 7 to 64 hexadecimal digits: `--commit \"$(git rev-parse HEAD)\"`",
                    )
                    .into(),
            );
        }
        if let Some(version) = &self.service_version
            && !is_version(version)
        {
            return Err(Diagnostic::error(format!("`{version}` can't be a version"))
                .with_help("give a tag or a number, without spaces")
                .into());
        }
        let from_ci = Build::from_ci(&|name| env::var(name).ok().filter(|value| !value.is_empty()));
        Ok(Build {
            commit: self.commit.clone().or(from_ci.commit),
            version: self.service_version.clone().or(from_ci.version),
            date: self.date.map(|date| date.to_string()).or(from_ci.date),
        })
    }
}

impl Build {
    /// What the variables of CI say; all else is left out.
    fn from_ci(variable: &dyn Fn(&str) -> Option<String>) -> Build {
        let first = |names: &[&str]| names.iter().find_map(|name| variable(name));
        let is_tag = variable("GITHUB_REF_TYPE").is_some_and(|kind| kind == "tag");
        let tag = || is_tag.then(|| variable("GITHUB_REF_NAME")).flatten();
        let day = |text: String| text.get(..10)?.parse().ok();
        let seconds = |text: String| Some(Date::after_epoch(text.parse::<u64>().ok()? / 86_400));
        let date = variable("CI_COMMIT_TIMESTAMP").and_then(day);
        let date: Option<Date> = date.or_else(|| variable("SOURCE_DATE_EPOCH").and_then(seconds));
        Build {
            commit: first(&COMMIT).filter(|commit| is_commit(commit)),
            version: first(&TAG).or_else(tag).filter(|tag| is_version(tag)),
            date: date.map(|date| date.to_string()),
        }
    }
}

fn is_commit(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_version(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_graphic();
    (1..=LONGEST_VERSION).contains(&text.len()) && text.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_ci(variables: &[(&str, &str)]) -> [Option<String>; 3] {
        let build = Build::from_ci(&|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        });
        [build.commit, build.version, build.date]
    }

    #[test]
    fn what_ci_says() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(from_ci(&[]), [None, None, None]);
        let github = [("GITHUB_SHA", "0123abcd"), ("GITHUB_REF_NAME", "v1")];
        assert_eq!(from_ci(&github), [some("0123abcd"), None, None]);
        let tag = [github[1], ("GITHUB_REF_TYPE", "tag")];
        assert_eq!(from_ci(&tag), [None, some("v1"), None]);
        let gitlab = [
            ("CI_COMMIT_SHA", "0123abcd"),
            ("CI_COMMIT_TAG", "v2"),
            ("CI_COMMIT_TIMESTAMP", "2026-05-01T23:00:00+02:00"),
        ];
        let read = [some("0123abcd"), some("v2"), some("2026-05-01")];
        assert_eq!(from_ci(&gitlab), read);
        let epoch = [("SOURCE_DATE_EPOCH", "951782400"), ("GIT_COMMIT", "main\n")];
        assert_eq!(from_ci(&epoch), [None, None, some("2000-02-29")]);
    }
}
