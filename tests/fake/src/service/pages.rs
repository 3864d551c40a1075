//! Lists, page by page.

use serde_json::{Value, json};

use super::call::Call;
use super::violation::Violations;
use crate::response::Response;
use crate::spec::{Location, vendored};

/// The page that a call asks for by `before`, `after`, `limit`, `order` and `sort_by`, with the document's defaults.
///
/// The items come with the oldest first; `id` is the property that a cursor names. A cursor that no item has is refused.
pub(crate) fn page(call: &Call<'_>, items: Vec<Value>, id: &str) -> Response {
    page_by(call, items, &[id])
}

/// The same where it takes several properties to tell the items apart: a cursor names all of them.
pub(crate) fn page_by(call: &Call<'_>, mut items: Vec<Value>, ids: &[&str]) -> Response {
    sort(call, &mut items);
    let limit = setting(call, "limit").as_ref().and_then(Value::as_u64);
    let window = Window {
        limit: limit.map_or(usize::MAX, |limit| {
            usize::try_from(limit).unwrap_or(usize::MAX)
        }),
        after: call.query_text("after"),
        before: call.query_text("before"),
    };
    match window.of(&items, ids) {
        Ok(page) => Response::json(200, &page),
        Err(cursor) => {
            let mut violations = Violations::default();
            let message = "There is nothing in this list at the cursor";
            violations.add(&["query", cursor], message, "value_error");
            violations.into_answer()
        }
    }
}

fn sort(call: &Call<'_>, items: &mut [Value]) {
    if let Some(Value::String(field)) = setting(call, "sort_by") {
        let place = format!("/{}", field.replace('.', "/"));
        let key = |item: &Value| {
            item.pointer(&place)
                .and_then(Value::as_str)
                .map(ToOwned::to_owned)
        };
        // What has no such field keeps its place: it comes from another time than the document.
        if items.iter().all(|item| key(item).is_some()) {
            items.sort_by_cached_key(key);
        }
    }
    if setting(call, "order").is_some_and(|order| order == "desc") {
        items.reverse();
    }
}

/// A parameter of the query, or the document's default of it.
fn setting(call: &Call<'_>, name: &str) -> Option<Value> {
    if let Some(value) = call.query(name) {
        return Some(value.clone());
    }
    let operation = vendored().operation(call.operation)?;
    operation
        .parameter(Location::Query, name)?
        .default()
        .cloned()
}

/// Which part of a list is asked for.
struct Window<'c> {
    limit: usize,
    after: Option<&'c str>,
    before: Option<&'c str>,
}

impl Window<'_> {
    /// The page; the name of the cursor that names no item, where one does.
    fn of(&self, items: &[Value], ids: &[&str]) -> Result<Value, &'static str> {
        let id_of = |item: &Value| {
            let ids: Option<Vec<&str>> = ids.iter().map(|id| item[*id].as_str()).collect();
            Some(ids?.join(":"))
        };
        let at = |cursor: &str| {
            let is_it = |item: &Value| id_of(item).is_some_and(|id| id == cursor);
            items.iter().position(is_it)
        };
        let (start, end) = match (self.after, self.before) {
            (Some(after), _) => {
                let start = at(after).ok_or("after")? + 1;
                (start, start.saturating_add(self.limit))
            }
            (None, Some(before)) => {
                let end = at(before).ok_or("before")?;
                (end.saturating_sub(self.limit), end)
            }
            (None, None) => (0, self.limit),
        };
        let end = end.min(items.len());
        let page = &items[start..end];
        Ok(json!({
            "data": page,
            "list_metadata": {
                "before": page.first().filter(|_| start > 0).and_then(id_of),
                "after": page.last().filter(|_| end < items.len()).and_then(id_of),
            },
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window<'c>(limit: usize, after: Option<&'c str>, before: Option<&'c str>) -> Window<'c> {
        Window {
            limit,
            after,
            before,
        }
    }

    #[track_caller]
    fn gives(window: &Window<'_>, ids: &[&str], before: Option<&str>, after: Option<&str>) {
        let listed: Vec<Value> = ["a", "b", "c", "d"].map(|id| json!({"id": id})).into();
        let data: Vec<Value> = ids.iter().map(|id| json!({"id": id})).collect();
        let metadata = json!({"before": before, "after": after});
        assert_eq!(
            window.of(&listed, &["id"]),
            Ok(json!({"data": data, "list_metadata": metadata}))
        );
    }

    #[test]
    fn a_page_starts_behind_after_and_ends_before_before() {
        gives(&window(2, None, None), &["a", "b"], None, Some("b"));
        gives(&window(2, Some("b"), None), &["c", "d"], Some("c"), None);
        gives(
            &window(2, None, Some("d")),
            &["b", "c"],
            Some("b"),
            Some("c"),
        );
        gives(&window(2, None, Some("b")), &["a"], None, Some("a"));
        gives(&window(9, None, None), &["a", "b", "c", "d"], None, None);
        gives(&window(2, Some("d"), None), &[], None, None);
        gives(
            &window(usize::MAX, Some("b"), None),
            &["c", "d"],
            Some("c"),
            None,
        );
    }

    #[test]
    fn a_cursor_of_nothing_is_named() {
        let listed = [json!({"id": "a"})];
        assert_eq!(
            window(1, Some("z"), None).of(&listed, &["id"]),
            Err("after")
        );
        assert_eq!(
            window(1, None, Some("z")).of(&listed, &["id"]),
            Err("before")
        );
    }
}
