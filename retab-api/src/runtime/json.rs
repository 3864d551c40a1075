//! JSON encoding of the generated types: structs, unions, enums, timestamps, nullable fields, and fields with an
//! alternative path.

pub(crate) mod alternative;
mod decode;
pub(crate) mod nullable;
pub(crate) mod object;
pub(crate) mod open_enum;
mod raw_json;
mod replay;
pub(crate) mod shaped;
mod split;
mod tag_first;
pub(crate) mod tagged;
pub(crate) mod timestamp;
pub(crate) mod tracked;
mod unknown;
pub(crate) mod within;

pub(crate) use alternative::Alternative;
pub(crate) use decode::{Failure, decode};
pub use nullable::Nullable;
pub(crate) use object::object;
pub use open_enum::ParseEnumError;
pub(crate) use open_enum::open_enum;
pub use raw_json::RawJson;
pub(crate) use shaped::shaped_union;
pub(crate) use tagged::tagged_union;
pub use unknown::{UnknownValue, UnknownVariant};
