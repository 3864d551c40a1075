//! Deterministic sampling of values from schemas.
//!
//! A schema leaves choices open: whether a property is present, which variant, which value. For each choice, the sampler
//! prefers an alternative that it has never drawn, then one that leads to such a choice. A few draws therefore cover all
//! alternatives, and [`Coverage`](super::Coverage) reports the rest.

mod alternatives;
mod any;
mod choice_collector;
mod number;
mod profile;
mod string;
#[cfg(test)]
mod tests;
mod timestamp;
mod value_sampler;

pub use profile::Profile;
pub use value_sampler::Sampler;
