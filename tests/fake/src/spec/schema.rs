//! Schemas of the spec.

use std::fmt;

use serde_json::Value;

/// A schema, located at a node of the spec.
#[derive(Clone, Copy)]
pub struct Schema<'d> {
    spec: &'d Value,
    node: &'d Value,
}

/// Identifies a node of the spec. A `$ref` node and its target have different IDs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct NodeId(usize);

/// The kind of values that a schema describes, with references resolved.
pub(super) enum Shape<'d> {
    Any,
    /// An `enum` or a `const`.
    Enum(Vec<&'d Value>),
    /// A `oneOf` or an `anyOf`.
    Union(Union<'d>),
    Object(Object<'d>),
    Array(Array<'d>),
    String,
    Integer,
    Number,
    Boolean,
    Null,
}

/// The variants of a union.
pub(super) struct Union<'d> {
    pub(super) variants: Vec<Schema<'d>>,
    /// The property that identifies the variant.
    pub(super) tag: Option<&'d str>,
}

/// The properties of an object.
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

/// Whether the schema explicitly allows additional properties.
pub(super) enum Additional<'d> {
    NotAllowed,
    /// Allowed, with this schema if there is one.
    Allowed(Option<Schema<'d>>),
}

/// The items of an array.
pub(super) struct Array<'d> {
    pub(super) items: Option<Schema<'d>>,
    pub(super) min_items: usize,
    pub(super) max_items: Option<usize>,
}

impl<'d> Schema<'d> {
    pub(super) fn new(spec: &'d Value, node: &'d Value) -> Self {
        Self { spec, node }
    }

    /// Follows references.
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

    /// Returns the last segment of the `$ref`, if the schema is one.
    pub(super) fn reference(self) -> Option<&'d str> {
        self.node["$ref"].as_str()?.rsplit('/').next()
    }

    /// Returns the direct children of the node.
    pub(super) fn children(self) -> impl Iterator<Item = Self> {
        let fields = self
            .node
            .as_object()
            .into_iter()
            .flat_map(|fields| fields.values());
        let items = self.node.as_array().into_iter().flatten();
        fields.chain(items).map(move |node| Self { node, ..self })
    }

    /// Returns the raw JSON of the schema.
    pub(super) fn node(self) -> &'d Value {
        self.node
    }

    pub(super) fn id(self) -> NodeId {
        NodeId(std::ptr::from_ref(self.node).addr())
    }

    pub(super) fn shape(self) -> Shape<'d> {
        let schema = self.resolved();
        let node = schema.node;
        if let Some(value) = node.get("const") {
            return Shape::Enum(vec![value]);
        }
        if let Some(values) = node["enum"].as_array() {
            return Shape::Enum(values.iter().collect());
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
                min_items: schema.size("minItems").unwrap_or(0),
                max_items: schema.size("maxItems"),
            }),
            Some("string") => Shape::String,
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
            Some(Value::Bool(true)) => Additional::Allowed(None),
            Some(node @ Value::Object(_)) => Additional::Allowed(Some(Self { node, ..self })),
            // An object schema without properties describes any object.
            None if properties.is_empty() => Additional::Allowed(None),
            _ => Additional::NotAllowed,
        };
        Object {
            properties,
            additional,
        }
    }

    /// Returns the value of a keyword such as `minLength`.
    pub(super) fn size(self, keyword: &str) -> Option<usize> {
        self.node[keyword].as_u64()?.try_into().ok()
    }

    /// Returns the other variant if the schema is a union of null and one other variant.
    pub(super) fn without_null(self) -> Self {
        if let Shape::Union(Union { variants, .. }) = self.shape() {
            let mut others = variants.iter().filter(|variant| !variant.is_null());
            if let (Some(only), None) = (others.next(), others.next()) {
                return *only;
            }
        }
        self
    }

    /// Returns the variant of a union with this tag value.
    pub(crate) fn variant(self, tag: &str, value: &str) -> Option<Self> {
        match self.shape() {
            Shape::Union(union) => union.variant(tag, &Value::from(value)),
            _ => None,
        }
    }

    pub(super) fn is_null(self) -> bool {
        matches!(self.shape(), Shape::Null)
    }

    /// Returns whether the schema describes a timestamp.
    pub(super) fn is_timestamp(self) -> bool {
        self.resolved().node["format"] == "date-time"
    }
}

impl<'d> Union<'d> {
    /// Returns the variant with this tag value.
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

/// Returns the property whose `const` differs between all variants, if there is one.
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
    /// Returns whether the property is optional or has a default.
    pub(super) fn can_be_absent(&self) -> bool {
        !self.required || self.schema.node.get("default").is_some()
    }
}

impl fmt::Debug for Schema<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Schema").field(self.node).finish()
    }
}
