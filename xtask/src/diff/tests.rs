//! One case per kind of change and effect, each checked against the generated code, and changes of the vendored spec.

mod cases;
mod changes;
mod edits;
mod every_case;
mod fixture;
mod output;
mod schemas_and_bodies;
mod surface;
mod vendored;
