//! A place in the document where a schema stands.

use std::fmt;

use serde_json::Value;

/// A schema of the document, by the place where it stands.
#[derive(Clone, Copy)]
pub struct Schema<'d> {
    spec: &'d Value,
    node: &'d Value,
}

/// Where in the document a schema stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place(usize);

/// What a schema describes, once references are followed.
pub(super) enum Shape<'d> {
    /// Any JSON.
    Any,
    /// One of these values.
    Values(Vec<&'d Value>),
    /// One of several schemas.
    Union(Union<'d>),
    /// An object.
    Object(Object<'d>),
    /// A list.
    Array(Array<'d>),
    /// A text, which can have a pattern, a format and a length.
    Text,
    /// A number without a fraction.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// Null alone.
    Null,
}

/// What a union is made of.
pub(super) struct Union<'d> {
    pub(super) variants: Vec<Schema<'d>>,
    /// The property that tells the variants apart.
    pub(super) tag: Option<&'d str>,
}

/// What an object is made of.
pub(super) struct Object<'d> {
    pub(super) properties: Vec<Property<'d>>,
    pub(super) additional: Additional<'d>,
}

/// A declared property.
pub(super) struct Property<'d> {
    pub(super) name: &'d str,
    pub(super) schema: Schema<'d>,
    pub(super) required: bool,
}

/// What the schema says about properties that it does not declare.
pub(super) enum Additional<'d> {
    /// Nothing, or that there are none.
    Unsaid,
    /// That they are of this schema, or of any.
    Of(Option<Schema<'d>>),
}

/// What a list is made of.
pub(super) struct Array<'d> {
    pub(super) items: Option<Schema<'d>>,
    pub(super) at_least: usize,
    pub(super) at_most: Option<usize>,
}

impl<'d> Schema<'d> {
    pub(super) fn new(spec: &'d Value, node: &'d Value) -> Self {
        Self { spec, node }
    }

    /// The schema that a reference leads to, else the schema itself.
    pub(super) fn resolved(self) -> Self {
        let mut schema = self;
        while let Some(pointer) = schema.node["$ref"]
            .as_str()
            .and_then(|to| to.strip_prefix('#'))
        {
            match schema.spec.pointer(pointer) {
                Some(node) => schema.node = node,
                None => break,
            }
        }
        schema
    }

    /// The name at the end of a reference.
    pub(super) fn reference(self) -> Option<&'d str> {
        self.node["$ref"].as_str()?.rsplit('/').next()
    }

    /// What stands directly within the node.
    pub(super) fn inner(self) -> impl Iterator<Item = Self> {
        let fields = self
            .node
            .as_object()
            .into_iter()
            .flat_map(|fields| fields.values());
        let items = self.node.as_array().into_iter().flatten();
        fields.chain(items).map(move |node| Self { node, ..self })
    }

    /// What stands in the document.
    pub(super) fn node(self) -> &'d Value {
        self.node
    }

    /// Tells the place where this schema stands from every other; a reference is a place of its own.
    pub(super) fn place(self) -> Place {
        Place(std::ptr::from_ref(self.node).addr())
    }

    pub(super) fn shape(self) -> Shape<'d> {
        let schema = self.resolved();
        let node = schema.node;
        if let Some(value) = node.get("const") {
            return Shape::Values(vec![value]);
        }
        if let Some(values) = node["enum"].as_array() {
            return Shape::Values(values.iter().collect());
        }
        if let Some(variants) = node["oneOf"]
            .as_array()
            .or_else(|| node["anyOf"].as_array())
        {
            let variants = variants.iter().map(|node| Self { node, ..schema });
            let variants: Vec<_> = variants.collect();
            let tag = node["discriminator"]["propertyName"].as_str();
            return Shape::Union(Union {
                tag: tag.or_else(|| common_constant(&variants)),
                variants,
            });
        }
        match node["type"].as_str() {
            Some("object") => Shape::Object(schema.object()),
            Some("array") => Shape::Array(Array {
                items: node.get("items").map(|node| Self { node, ..schema }),
                at_least: schema.size("minItems").unwrap_or(0),
                at_most: schema.size("maxItems"),
            }),
            Some("string") => Shape::Text,
            Some("integer") => Shape::Integer,
            Some("number") => Shape::Number,
            Some("boolean") => Shape::Boolean,
            Some("null") => Shape::Null,
            _ => Shape::Any,
        }
    }

    fn object(self) -> Object<'d> {
        let required = |name: &str| {
            let names = self.node["required"].as_array();
            names.is_some_and(|names| names.iter().any(|required| required == name))
        };
        let properties = self.node["properties"].as_object().into_iter().flatten();
        let properties: Vec<_> = properties
            .map(|(name, node)| Property {
                name,
                schema: Self { node, ..self },
                required: required(name),
            })
            .collect();
        let additional = match self.node.get("additionalProperties") {
            Some(Value::Bool(true)) => Additional::Of(None),
            Some(node @ Value::Object(_)) => Additional::Of(Some(Self { node, ..self })),
            // An object of which nothing is said is any object.
            None if properties.is_empty() => Additional::Of(None),
            _ => Additional::Unsaid,
        };
        Object {
            properties,
            additional,
        }
    }

    /// A keyword that counts something.
    pub(super) fn size(self, keyword: &str) -> Option<usize> {
        self.node[keyword].as_u64()?.try_into().ok()
    }

    /// The schema without null, where null is one of two variants: the form of what can be left out of a request.
    pub(super) fn without_null(self) -> Self {
        if let Shape::Union(Union { variants, .. }) = self.shape() {
            let mut others = variants.iter().filter(|variant| !variant.is_null());
            if let (Some(only), None) = (others.next(), others.next()) {
                return *only;
            }
        }
        self
    }

    /// The variant of a union that has this tag.
    pub(crate) fn variant(self, tag: &str, value: &str) -> Option<Self> {
        match self.shape() {
            Shape::Union(union) => union.variant(tag, &Value::from(value)),
            _ => None,
        }
    }

    pub(super) fn is_null(self) -> bool {
        matches!(self.shape(), Shape::Null)
    }

    /// Whether the schema is for an instant.
    pub(super) fn is_timestamp(self) -> bool {
        self.resolved().node["format"] == "date-time"
    }
}

impl<'d> Union<'d> {
    /// The variant whose tag is this one.
    pub(super) fn variant(&self, tag: &str, value: &Value) -> Option<Schema<'d>> {
        self.variants.iter().copied().find(|variant| {
            let property = &variant.resolved().node["properties"][tag];
            &property["const"] == value
                || property["enum"]
                    .as_array()
                    .is_some_and(|values| values.contains(value))
        })
    }
}

/// The property that has another constant in each variant, where all are objects that have such a one.
fn common_constant<'d>(variants: &[Schema<'d>]) -> Option<&'d str> {
    let constant =
        |variant: &Schema<'d>, name: &str| variant.resolved().node["properties"][name].get("const");
    let (first, others) = variants
        .split_first()
        .filter(|(_, others)| !others.is_empty())?;
    let properties = first.resolved().node["properties"].as_object()?;
    properties.keys().map(String::as_str).find(|name| {
        let constants: Option<Vec<_>> = variants
            .iter()
            .map(|variant| constant(variant, name))
            .collect();
        constants.is_some_and(|constants| {
            (0..=others.len()).all(|at| !constants[..at].contains(&constants[at]))
        })
    })
}

impl Property<'_> {
    /// Whether the document lets a sender leave the property out, or says what its absence means.
    pub(super) fn can_be_absent(&self) -> bool {
        !self.required || self.schema.node.get("default").is_some()
    }
}

impl fmt::Debug for Schema<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Schema").field(self.node).finish()
    }
}
