//! Paginated lists: pages, their items, and the paginator that follows their cursors.

mod list_item;
mod page;
mod paginator;

pub use list_item::{InvalidItem, ListItem};
pub use page::Page;
pub use paginator::{Direction, ListOperation, Paginator};
