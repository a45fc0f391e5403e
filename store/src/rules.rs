//! The study's rules that the store keeps when it decides.

use std::time::Duration;

use project::config::Phases;

pub use project::config::{Batches, Fallback, Group, Strategy};

/// How items are assigned (`assignment_strategy` and its neighbours in the config).
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// In which order.
    pub strategy: Strategy,
    /// What they get who qualified for no category (`category_assignment`).
    pub fallback: Fallback,
    /// Who gets which group of items (`batch_assignment`).
    pub batches: Batches,
    /// How many annotators an item gets (`num_annotators_per_item`); none is no limit.
    pub annotators_per_item: Option<u32>,
    /// How many items an annotator gets (`max_annotations_per_user`); none is no limit.
    pub items_per_annotator: Option<u32>,
    /// What random orders are drawn from (`random_seed`).
    pub seed: u64,
    /// How long a reservation is kept without anything heard from the annotator.
    pub lease: Duration,
    /// The names of the schemes in the project's order, in which answers are listed.
    pub schemes: Vec<String>,
    /// The pages before and after the annotation.
    pub phases: Phases,
}

impl Rules {
    /// The rules of a project.
    pub fn from_config(config: &project::config::Config) -> Self {
        let project::config::Assignment {
            strategy,
            fallback,
            batches,
            annotators_per_item,
            items_per_annotator,
            seed,
            lease,
            ..
        } = &config.assignment;
        Self {
            strategy: *strategy,
            fallback: *fallback,
            batches: batches.clone(),
            annotators_per_item: *annotators_per_item,
            items_per_annotator: *items_per_annotator,
            seed: *seed,
            lease: *lease,
            schemes: config.schemes.iter().map(|scheme| scheme.name.clone()).collect(),
            phases: config.phases.clone(),
        }
    }
}
