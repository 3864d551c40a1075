//! A CSV parser for RFC 4180, with quoted and multi-line fields.

/// Parses the records of a CSV file.
///
/// # Errors
///
/// Returns a message if the file is malformed.
pub(super) fn parse(text: &str) -> Result<Vec<Vec<String>>, &'static str> {
    let mut records = Vec::new();
    let mut record = Vec::new();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    while !rest.is_empty() {
        let (field, after) = parse_field(rest)?;
        record.push(field);
        rest = match after.strip_prefix(',') {
            Some("") => {
                record.push(String::new());
                ""
            }
            Some(next) => {
                rest = next;
                continue;
            }
            None => after
                .strip_prefix("\r\n")
                .or_else(|| after.strip_prefix('\n'))
                .unwrap_or(after),
        };
        records.push(std::mem::take(&mut record));
    }
    Ok(records)
}

/// Parses the first field and returns it with the remaining text.
fn parse_field(text: &str) -> Result<(String, &str), &'static str> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let end = text.find([',', '\n']).unwrap_or(text.len());
        let end = if text[..end].ends_with('\r') && text[end..].starts_with('\n') {
            end - 1
        } else {
            end
        };
        return Ok((text[..end].to_owned(), &text[end..]));
    };
    let mut field = String::new();
    loop {
        let (part, after) = rest
            .split_once('"')
            .ok_or("A quoted field is not terminated")?;
        field.push_str(part);
        match after.strip_prefix('"') {
            Some(next) => {
                field.push('"');
                rest = next;
            }
            None if after.is_empty()
                || after.starts_with([',', '\n'])
                || after.starts_with("\r\n") =>
            {
                return Ok((field, after));
            }
            None => return Err("A quoted field is followed by unexpected text"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_quoted_empty_and_multi_line_fields() {
        let text = "a,b,c\r\n1,\"x, \"\"y\"\"\nz\",\n,,\"\"\n\"last\",2,3";
        assert_eq!(
            parse(text).unwrap(),
            [
                ["a", "b", "c"],
                ["1", "x, \"y\"\nz", ""],
                ["", "", ""],
                ["last", "2", "3"]
            ]
        );
        assert_eq!(parse("\u{feff}a\n").unwrap(), [["a"]]);
        assert_eq!(parse("a,").unwrap(), [["a", ""]]);
        assert_eq!(parse("a,\nb,\n").unwrap(), [["a", ""], ["b", ""]]);
        assert!(parse("").unwrap().is_empty());
    }

    #[test]
    fn rejects_misplaced_quotes() {
        assert!(parse("a,\"b").is_err());
        assert!(parse("\"a\"b,c").is_err());
    }
}
