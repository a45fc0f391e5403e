//! The kit of the end-to-end tests: the real programs, a crowd that uses them, and a checker that compares what annotators
//! were told with what is stored.

pub mod answers;
pub mod browser;
pub mod checker;
pub mod client;
pub mod crowd;
pub mod deadline;
pub mod hub;
pub mod line;
pub mod port;
pub mod potato;
pub mod processes;
pub mod project;
pub mod python;
pub mod seed;
pub mod sites;
pub mod stack;
pub mod state;
