//! How types of the document read and write JSON where a derive does not suffice: unions, and
//! fields that stand at one of two paths.

pub(crate) mod alternative;
mod replay;
pub(crate) mod shaped;
mod tag_first;
pub(crate) mod tagged;
mod unknown;
pub(crate) mod within;

pub(crate) use alternative::Alternative;
pub(crate) use shaped::shaped_union;
pub(crate) use tagged::tagged_union;
pub use unknown::UnknownVariant;
