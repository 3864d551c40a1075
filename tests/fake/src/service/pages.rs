//! Cursor pagination.

use serde_json::{Value, json};

use super::request::Request;
use super::violation::Violations;
use crate::response::Response;
use crate::spec::{Location, vendored};

/// Returns the page selected by `before`, `after`, `limit`, `order` and `sort_by`, with the defaults of the spec.
///
/// `items` must be sorted oldest first. `id` is the property used as the cursor. Returns a 422 response if no item matches
/// the cursor.
pub(crate) fn page(request: &Request, items: Vec<Value>, id: &str) -> Response {
    page_by(request, items, &[id])
}

/// Like [`page`], with a cursor that combines several properties.
pub(crate) fn page_by(request: &Request, mut items: Vec<Value>, ids: &[&str]) -> Response {
    sort(request, &mut items);
    let limit = parameter(request, "limit").as_ref().and_then(Value::as_u64);
    let window = Window {
        limit: limit.map_or(usize::MAX, |limit| {
            usize::try_from(limit).unwrap_or(usize::MAX)
        }),
        after: request.query_text("after"),
        before: request.query_text("before"),
    };
    match window.slice(&items, ids) {
        Ok(page) => Response::json(200, &page),
        Err(parameter) => {
            let mut violations = Violations::default();
            let message = "The cursor does not match any item in this list";
            violations.add(&["query", parameter], message, "value_error");
            violations.into_response()
        }
    }
}

fn sort(request: &Request, items: &mut [Value]) {
    if let Some(Value::String(field)) = parameter(request, "sort_by") {
        let pointer = format!("/{}", field.replace('.', "/"));
        let key = |item: &Value| {
            item.pointer(&pointer)
                .and_then(Value::as_str)
                .map(ToOwned::to_owned)
        };
        // Items added by tests may lack the field. The order is then unchanged.
        if items.iter().all(|item| key(item).is_some()) {
            items.sort_by_cached_key(key);
        }
    }
    if parameter(request, "order").is_some_and(|order| order == "desc") {
        items.reverse();
    }
}

/// Returns a query parameter, or its default in the spec.
fn parameter(request: &Request, name: &str) -> Option<Value> {
    if let Some(value) = request.query(name) {
        return Some(value.clone());
    }
    let operation = vendored().operation(request.operation)?;
    operation
        .parameter(Location::Query, name)?
        .default()
        .cloned()
}

/// The requested window of a list.
struct Window<'c> {
    limit: usize,
    after: Option<&'c str>,
    before: Option<&'c str>,
}

impl Window<'_> {
    /// Returns the page.
    ///
    /// # Errors
    ///
    /// Returns the name of the cursor parameter if no item matches its value.
    fn slice(&self, items: &[Value], ids: &[&str]) -> Result<Value, &'static str> {
        let id_of = |item: &Value| {
            let ids: Option<Vec<&str>> = ids.iter().map(|id| item[*id].as_str()).collect();
            Some(ids?.join(":"))
        };
        let position = |cursor: &str| {
            let matches = |item: &Value| id_of(item).is_some_and(|id| id == cursor);
            items.iter().position(matches)
        };
        let (start, end) = match (self.after, self.before) {
            (Some(after), _) => {
                let start = position(after).ok_or("after")? + 1;
                (start, start.saturating_add(self.limit))
            }
            (None, Some(before)) => {
                let end = position(before).ok_or("before")?;
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
    fn assert_page(window: &Window<'_>, ids: &[&str], before: Option<&str>, after: Option<&str>) {
        let listed: Vec<Value> = ["a", "b", "c", "d"].map(|id| json!({"id": id})).into();
        let data: Vec<Value> = ids.iter().map(|id| json!({"id": id})).collect();
        let metadata = json!({"before": before, "after": after});
        assert_eq!(
            window.slice(&listed, &["id"]),
            Ok(json!({"data": data, "list_metadata": metadata}))
        );
    }

    #[test]
    fn page_starts_after_after_and_ends_before_before() {
        assert_page(&window(2, None, None), &["a", "b"], None, Some("b"));
        assert_page(&window(2, Some("b"), None), &["c", "d"], Some("c"), None);
        assert_page(
            &window(2, None, Some("d")),
            &["b", "c"],
            Some("b"),
            Some("c"),
        );
        assert_page(&window(2, None, Some("b")), &["a"], None, Some("a"));
        assert_page(&window(9, None, None), &["a", "b", "c", "d"], None, None);
        assert_page(&window(2, Some("d"), None), &[], None, None);
        assert_page(
            &window(usize::MAX, Some("b"), None),
            &["c", "d"],
            Some("c"),
            None,
        );
    }

    #[test]
    fn returns_parameter_name_of_unknown_cursor() {
        let listed = [json!({"id": "a"})];
        assert_eq!(
            window(1, Some("z"), None).slice(&listed, &["id"]),
            Err("after")
        );
        assert_eq!(
            window(1, None, Some("z")).slice(&listed, &["id"]),
            Err("before")
        );
    }
}
