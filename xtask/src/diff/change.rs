//! A difference between two revisions and its effect on code that uses the generated crate.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use crate::document::Pointer;

/// The severity of a change for user code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Class {
    /// Code is not affected.
    None,
    /// Code is not affected, but something new is available.
    Additive,
    /// Some code no longer compiles, or fails at run time.
    Breaking,
}

/// The effect of a change on user code. Every effect belongs to one [`Class`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Effect {
    /// At most the documentation of the generated items changes.
    Nothing,
    /// The changed part generates no code.
    NotGenerated,
    /// Only the HTTP exchange changes, not the generated items.
    OnTheWire,
    /// An item is added.
    New,
    /// A value becomes optional or nullable.
    Relaxed,
    /// An item is removed.
    Gone,
    /// An item is renamed.
    Renamed,
    /// The Rust type of a value changes.
    Retyped,
    /// A field of a response becomes an `Option`.
    BecomesOption,
    /// A field of a response is no longer an `Option`.
    NoLongerOption,
    /// Null is no longer accepted.
    NoNull,
    /// A value becomes required.
    NewlyRequired,
    /// Previously accepted credentials are rejected.
    Unauthorized,
    /// The crate cannot be generated.
    Rejected,
}

/// The kind of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    OpenapiVersionChanged,
    VersionChanged,
    ServersChanged,
    SecuritySchemeAdded,
    SecuritySchemeRemoved,
    SecuritySchemeChanged,
    SecurityChanged,
    ReferenceBroken,
    ReferenceFixed,
    OperationAdded,
    OperationRemoved,
    OperationRenamed,
    OperationMoved,
    OperationFamilyChanged,
    OperationDeprecated,
    ParameterAdded,
    ParameterRemoved,
    ParameterRenamed,
    ParameterMoved,
    ParameterRequired,
    ParameterOptional,
    BodyAdded,
    BodyRemoved,
    BodyRequired,
    BodyOptional,
    BodyMediaTypeAdded,
    BodyMediaTypeRemoved,
    StatusAdded,
    StatusRemoved,
    StatusMoved,
    ResponseMediaTypeAdded,
    ResponseMediaTypeRemoved,
    TypeAdded,
    TypeRemoved,
    TypeRenamed,
    PropertyAdded,
    PropertyRemoved,
    PropertyRenamed,
    PropertyRequired,
    PropertyOptional,
    NullAllowed,
    NullForbidden,
    DefaultChanged,
    TypeChanged,
    FormatChanged,
    ConstantChanged,
    LimitsChanged,
    ExtraPropertiesChanged,
    EnumValueAdded,
    EnumValueRemoved,
    VariantAdded,
    VariantRemoved,
    VariantTagChanged,
    DiscriminatorChanged,
    InlineTypeRenamed,
}

/// One difference between two revisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Change {
    pub(crate) class: Class,
    pub(crate) kind: Kind,
    pub(crate) effect: Effect,
    /// The affected module of the generated code: see [`Users::module`].
    pub(crate) family: String,
    /// The human-readable location: `GET /v1/runs`, `WorkflowRun.lifecycle`.
    pub(crate) place: String,
    /// The pointer in the old spec, unless it only exists in the new one.
    pub(crate) old_pointer: Option<String>,
    /// The pointer in the new spec, unless it only exists in the old one.
    pub(crate) new_pointer: Option<String>,
    /// The old value.
    pub(crate) before: Option<String>,
    /// The new value.
    pub(crate) after: Option<String>,
    /// The function names of the affected operations.
    pub(crate) operations: BTreeSet<String>,
    /// The families of the affected operations.
    pub(crate) families: BTreeSet<String>,
}

/// The operations that use a part of a spec.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Users {
    pub(crate) operations: BTreeSet<String>,
    pub(crate) families: BTreeSet<String>,
}

impl Effect {
    /// Returns the class of the effect.
    pub(crate) fn class(self) -> Class {
        match self {
            Self::Nothing | Self::NotGenerated | Self::OnTheWire => Class::None,
            Self::New | Self::Relaxed => Class::Additive,
            Self::Gone
            | Self::Renamed
            | Self::Retyped
            | Self::BecomesOption
            | Self::NoLongerOption
            | Self::NoNull
            | Self::NewlyRequired
            | Self::Unauthorized
            | Self::Rejected => Class::Breaking,
        }
    }

    /// Returns an explanation, unless the change is self-explanatory.
    pub(crate) fn note(self) -> Option<&'static str> {
        Some(match self {
            Self::Nothing | Self::New | Self::Gone => return None,
            Self::NotGenerated => "generates no code",
            Self::OnTheWire => "not visible to code",
            Self::Relaxed => "existing code still works",
            Self::Renamed => "new name in Rust",
            Self::Retyped => "new type in Rust",
            Self::BecomesOption => "becomes an Option",
            Self::NoLongerOption => "no longer an Option",
            Self::NoNull => "no longer accepts null",
            Self::NewlyRequired => "compiles, but fails if unset",
            Self::Unauthorized => "compiles, but the service rejects the credentials",
            Self::Rejected => "regen rejects the spec",
        })
    }
}

impl Class {
    /// Returns the sign of the class at the start of a line.
    pub(crate) fn sign(self) -> char {
        match self {
            Self::Breaking => '!',
            Self::Additive => '+',
            Self::None => '.',
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Breaking => "breaking",
            Self::Additive => "additive",
            Self::None => "none",
        })
    }
}

impl fmt::Display for Kind {
    /// Formats the name as words: `PropertyAdded` becomes `property added`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = format!("{self:?}");
        for (index, character) in name.char_indices() {
            if index > 0 && character.is_uppercase() {
                formatter.write_str(" ")?;
            }
            write!(formatter, "{}", character.to_ascii_lowercase())?;
        }
        Ok(())
    }
}

impl Users {
    /// Returns the module of the generated code: the only family, `shared` for several or `unused` for none.
    pub(crate) fn module(&self) -> String {
        match Vec::from_iter(&self.families)[..] {
            [] => "unused".to_owned(),
            [only] => only.clone(),
            _ => "shared".to_owned(),
        }
    }

    /// Adds the users in `other`.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.operations.extend(other.operations.iter().cloned());
        self.families.extend(other.families.iter().cloned());
    }
}

/// Formats a pointer.
pub(super) fn text(pointer: &Pointer) -> String {
    pointer.to_string()
}
