//! Survey instruments that come along: those whose items are public domain, or free by their authors' word.
//!
//! One file each, in the shape of a question file with its source and its terms. Names of schemes and labels are
//! Potato's, so that answers mean the same there.

use crate::config::{ConfigError, Section};
use crate::schemes::Scheme;
use crate::yaml::{self, Yaml};

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!($name, ".json")))),*]
    };
}

const SHIPPED: &[(&str, &str)] = shipped![
    "ces-d",
    "gad-2",
    "gad-7",
    "k10",
    "k6",
    "mini-ipip",
    "phq-2",
    "phq-9",
    "pss-10",
    "pss-4",
    "rse",
    "swls",
    "tipi",
];

/// What Potato ships and this does not.
#[rustfmt::skip]
const LEFT_OUT: &[&str] = &[
    "acs-demographics", "anes-demographics", "bfi-10", "bfi-2", "brs", "bscs", "cses", "eds", "ess-demographics",
    "ghq-12", "grips", "gse", "gss-demographics", "hrs-ses", "ios", "ipums-demographics", "iri",
    "macarthur-ladder", "mc-sds", "mfq", "mfq-20", "midus-demographics", "mos-ss", "nfc", "panas",
    "political-efficacy", "pvq-ess", "rci-10", "rotter-trust", "rwa", "rwa-short", "sdo-7", "sdo-7-short", "shs",
    "sias", "srh", "trust-ess", "ucla-loneliness", "ucla-loneliness-3", "who-5", "wvs-demographics", "ztpi",
];

/// The questions of an instrument; `key` is where the config names it.
pub(crate) fn read(section: &Section<'_>, key: &str, name: &str) -> Result<Vec<Scheme>, ConfigError> {
    let wanted = name.trim().to_lowercase();
    let Some((_, text)) = SHIPPED.iter().find(|(name, _)| *name == wanted) else {
        return Err(section.refuse(key, refusal(name, &wanted)));
    };
    // Files of our own, which a test reads all of.
    let broken =
        |problem: String| section.refuse(key, format!("the instrument {name} cannot be read: {problem}"));
    let root = yaml::from_json(text).map_err(|error| broken(error.problem))?;
    let Yaml::Map(map) = &root.value else { return Err(broken("it is no mapping".to_owned())) };
    let file = std::path::PathBuf::from(format!("{wanted}.json"));
    let instrument = Section::questions(section, &file, map);
    let questions = instrument.list("questions")?.unwrap_or_default();
    crate::schemes::read_all(&instrument, "questions", questions)
}

fn refusal(name: &str, wanted: &str) -> String {
    let there = SHIPPED.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    if LEFT_OUT.contains(&wanted) {
        return format!(
            "the terms of {name} do not allow us to ship it; put its questions into a file and name it under file:. \
             There are: {there}"
        );
    }
    format!("{name} is not an instrument that is known; there are: {there}")
}

#[cfg(test)]
mod tests {
    use super::SHIPPED;
    use crate::yaml::from_json;

    #[test]
    fn each_says_where_it_is_from_and_on_what_terms() {
        for (name, text) in SHIPPED {
            let file = from_json(text).unwrap_or_else(|error| panic!("{name}: {}", error.problem)).to_json();
            for key in ["title", "citation", "terms"] {
                assert!(file[key].as_str().is_some_and(|text| text.len() > 5), "{name}: {key}");
            }
            let mut names: Vec<&str> =
                file["questions"].as_array().unwrap().iter().map(|q| q["name"].as_str().unwrap()).collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "{name}");
        }
    }
}
