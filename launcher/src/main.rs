//! The `launcher` program: start-up only.

fn main() {}
