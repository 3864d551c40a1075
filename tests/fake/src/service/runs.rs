//! Workflow runs, their steps and their artifacts.

mod commands;
mod create;
mod id;
mod list;
mod outcome;
mod run;
mod step_queries;
mod steps;
mod store;

pub(crate) use store::{Dependencies, Runs};
