//! One difference between two revisions, and what it does to code that is written against the generated crate.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use crate::document::Pointer;

/// What a change does to a user's Rust code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Class {
    /// Code goes on as it did.
    None,
    /// Code goes on, and there is something new that it could use.
    Additive,
    /// Some code no longer compiles, or compiles and is refused.
    Breaking,
}

/// What exactly a change does to a user's Rust code; every effect belongs to one [`Class`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Effect {
    /// The generated items are the same, but for what their documentation says.
    Nothing,
    /// No item is generated from it.
    NotGenerated,
    /// The crate sends or takes something else, behind the same items.
    OnTheWire,
    /// There is a new item.
    New,
    /// A value may be left out, or be null.
    MoreTaken,
    /// An item is gone.
    Gone,
    /// An item has another name.
    Renamed,
    /// A value has another Rust type.
    Retyped,
    /// A field that is read becomes an `Option`.
    MayBeAbsent,
    /// A field that is read is no longer an `Option`.
    NeverAbsent,
    /// Null can no longer be given.
    NoNull,
    /// A value has to be given that code does not give.
    Missed,
    /// The credentials that were taken no longer are.
    Unauthorized,
    /// The crate cannot be generated.
    NotReadable,
}

/// What has changed.
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
    ReferenceMended,
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
    AnswerMediaTypeAdded,
    AnswerMediaTypeRemoved,
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
    /// The module of generated code that it concerns: see [`Users::module`].
    pub(crate) family: String,
    /// Where, for people: `GET /v1/runs`, `WorkflowRun.lifecycle`.
    pub(crate) place: String,
    /// Where in the old document, unless it is only in the new one.
    pub(crate) old_pointer: Option<String>,
    /// Where in the new document, unless it is only in the old one.
    pub(crate) new_pointer: Option<String>,
    /// What stood there.
    pub(crate) before: Option<String>,
    /// What stands there.
    pub(crate) after: Option<String>,
    /// The operations that it concerns, by their ids.
    pub(crate) operations: BTreeSet<String>,
    /// The families of these operations.
    pub(crate) families: BTreeSet<String>,
}

/// The operations that a place of a document is used by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Users {
    pub(crate) operations: BTreeSet<String>,
    pub(crate) families: BTreeSet<String>,
}

impl Effect {
    /// The class of the effect.
    pub(crate) fn class(self) -> Class {
        match self {
            Self::Nothing | Self::NotGenerated | Self::OnTheWire => Class::None,
            Self::New | Self::MoreTaken => Class::Additive,
            Self::Gone
            | Self::Renamed
            | Self::Retyped
            | Self::MayBeAbsent
            | Self::NeverAbsent
            | Self::NoNull
            | Self::Missed
            | Self::Unauthorized
            | Self::NotReadable => Class::Breaking,
        }
    }

    /// What it means, where the change itself does not say it.
    pub(crate) fn note(self) -> Option<&'static str> {
        Some(match self {
            Self::Nothing | Self::New | Self::Gone => return None,
            Self::NotGenerated => "nothing is generated from it",
            Self::OnTheWire => "code does not see it",
            Self::MoreTaken => "what was written goes on",
            Self::Renamed => "another name in Rust",
            Self::Retyped => "another type in Rust",
            Self::MayBeAbsent => "read as an Option now",
            Self::NeverAbsent => "no longer read as an Option",
            Self::NoNull => "null can no longer be given",
            Self::Missed => "compiles, but is refused where it is not set",
            Self::Unauthorized => "compiles, but the service refuses the credentials",
            Self::NotReadable => "regen refuses the document",
        })
    }
}

impl Class {
    /// The sign of the class at the beginning of a line.
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
    /// The words of the name: `property-added` is `property added`.
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
    /// The module of the generated code in which it stands: the one family that uses it, `shared` for several,
    /// `unused` for none.
    pub(crate) fn module(&self) -> String {
        match Vec::from_iter(&self.families)[..] {
            [] => "unused".to_owned(),
            [only] => only.clone(),
            _ => "shared".to_owned(),
        }
    }

    /// Adds what else is a user.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.operations.extend(other.operations.iter().cloned());
        self.families.extend(other.families.iter().cloned());
    }
}

/// The text of a pointer.
pub(super) fn text(pointer: &Pointer) -> String {
    pointer.to_string()
}
