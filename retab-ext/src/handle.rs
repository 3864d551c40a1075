//! The common part of all handles: a client and an id.

/// Defines a handle: a client and the id of a resource. It serializes to the id.
macro_rules! handle {
    ($(#[$doc:meta])* $name:ident, $id:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            pub(crate) client: $crate::client::Client,
            pub(crate) id: $id,
        }

        impl $name {
            pub(crate) fn new(client: $crate::client::Client, id: $id) -> Self {
                Self { client, id }
            }

            /// Returns the id.
            #[must_use]
            pub fn id(&self) -> &$id {
                &self.id
            }
        }

        /// Serializes the id.
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.id.serialize(serializer)
            }
        }
    };
}
pub(crate) use handle;
