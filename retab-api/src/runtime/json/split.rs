//! Splits objects and arrays into the texts of their entries, without decoding these.
//!
//! Only quotes, brackets and separators have to be in place. An entry can therefore be split off although it is not JSON, such
//! as the `NaN` that Python writes.

/// Splits an object into names and values. Returns `None` if it cannot be split.
pub(crate) fn members(text: &str) -> Option<Vec<(String, &str)>> {
    let entries = entries(text, '{', '}')?.into_iter();
    let members = entries.map(|entry| match parts(entry, b':')?[..] {
        [name, value] if !value.is_empty() => Some((serde_json::from_str(name).ok()?, value)),
        _ => None,
    });
    members.collect()
}

/// Splits an array into elements. Returns `None` if it cannot be split.
pub(crate) fn elements(text: &str) -> Option<Vec<&str>> {
    let elements = entries(text, '[', ']')?;
    let complete = elements.iter().all(|element| !element.is_empty());
    complete.then_some(elements)
}

fn entries(text: &str, open: char, close: char) -> Option<Vec<&str>> {
    let inner = text.trim().strip_prefix(open)?.strip_suffix(close)?;
    if inner.trim().is_empty() {
        return Some(Vec::new());
    }
    parts(inner, b',')
}

/// Splits at the separators outside of strings and brackets. Returns `None` if a string or bracket stays open.
fn parts(text: &str, separator: u8) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                bytes.next();
            }
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            _ if byte == separator && depth == 0 => {
                parts.push(text.get(start..at)?.trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..)?.trim());
    (depth == 0 && !in_string).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::{elements, members};

    #[test]
    fn splits_entries_that_are_not_json() {
        assert_eq!(
            members(r#" {"a":NaN, "b\"," : {"c":[-Infinity,"]}"]} , "d" :"\ud800"} "#).unwrap(),
            [
                ("a".to_owned(), "NaN"),
                ("b\",".to_owned(), r#"{"c":[-Infinity,"]}"]}"#),
                ("d".to_owned(), r#""\ud800""#),
            ]
        );
        assert_eq!(
            elements(r#"[1e400,{"a":1,"b":"\\"} ,[ ]]"#).unwrap(),
            ["1e400", r#"{"a":1,"b":"\\"}"#, "[ ]"]
        );
        assert_eq!(members("{ }").unwrap(), []);
        assert!(elements("[]").unwrap().is_empty());
    }

    #[test]
    fn rejects_incomplete_text() {
        for text in [
            "",
            "{",
            "}",
            "[]",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{\"a\":[1}",
            "{\"a\":1}}",
            "{\"a\":\"}",
            "{\"a\":1:2}",
            "{a:1}",
            "{\"a\":\"\\\"}",
        ] {
            assert_eq!(members(text), None, "{text}");
        }
        for text in ["", "[", "{}", "[1,]", "[,1]", "[[1]", "[1]]", "[\"]"] {
            assert_eq!(elements(text), None, "{text}");
        }
    }
}
