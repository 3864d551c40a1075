//! `cargo xtask diff`: lists the changes between two revisions and classifies their effect on code that uses the crate.
//!
//! The comparison is structural. It ignores prose, follows references, merges `allOf`, and treats the nullable forms
//! of all OpenAPI versions alike. A change of a component is reported once, with the operations that use it. A change
//! inside an operation is reported for that operation.
//!
//! Changes are classified by their effect on Rust code that uses `retab-api`. Such code builds requests through
//! builders and setters, and reads fields and matches enums of responses. The effect depends on the use of a schema in
//! the old revision, the one that existing code is written against. For schemas in requests and responses, the more
//! severe effect counts.
//!
//! | effect | class | changes |
//! | --- | --- | --- |
//! | [`New`](Effect::New) | additive | A function, type, field, optional setter, enum value or variant is added. Structs and enums are `#[non_exhaustive]`, and a previously unknown value becomes a known one. |
//! | [`Relaxed`](Effect::Relaxed) | additive | A required value of a request becomes optional: the setter stays, but `build` and `send` no longer require it. A PATCH body accepts null. More credentials are accepted. |
//! | [`Gone`](Effect::Gone) | breaking | A function, type, field, setter, enum value or variant is removed. Code that uses it does not compile. |
//! | [`Renamed`](Effect::Renamed) | breaking | A function, setter, type or variant is renamed. An operationId or property that only changes its case keeps its Rust name. |
//! | [`Retyped`](Effect::Retyped) | breaking | The type of a field or setter changes. Formats other than `date-time` and `binary`, limits, and constants instead of strings do not affect the type. |
//! | [`BecomesOption`](Effect::BecomesOption) | breaking | A field of a response becomes an `Option`, because it is no longer required, becomes nullable or has a default. |
//! | [`NoLongerOption`](Effect::NoLongerOption) | breaking | A field of a response is no longer an `Option`. |
//! | [`NoNull`](Effect::NoNull) | breaking | A PATCH body no longer accepts `Nullable::Null`. |
//! | [`NewlyRequired`](Effect::NewlyRequired) | breaking | A request requires a value. Code without it compiles, but `build` or `send` fails before sending. |
//! | [`Unauthorized`](Effect::Unauthorized) | breaking | Previously accepted credentials are rejected. The code compiles, but the service rejects the request. |
//! | [`Rejected`](Effect::Rejected) | breaking | A reference is broken and `regen` rejects the spec. |
//! | [`OnTheWire`](Effect::OnTheWire) | none | Only the HTTP exchange changes, not the generated items: another path, method or success status, or a parameter in another location. |
//! | [`NotGenerated`](Effect::NotGenerated) | none | The changed part generates no code: errors, cookies, unsent media types, types outside of requests and responses, security schemes. |
//! | [`Nothing`](Effect::Nothing) | none | At most the documentation changes: limits, defaults (applied by the service), null for a field that already is an `Option`. |

mod bodies;
mod change;
mod command;
mod compare;
mod comparison;
mod components;
mod form;
mod operations;
mod pairing;
mod parameters;
mod properties;
mod report;
mod revision;
mod schemas;
mod security;
mod structure;
#[cfg(test)]
mod tests;
mod type_names;
mod types;
mod unions;

#[cfg(doc)]
use self::change::Effect;
pub(crate) use self::command::{Options, run};
pub(crate) use self::compare::compare;
pub(crate) use self::report::Report;
