//! CSV as RFC 4180 has it: quoted fields, and line breaks within them.

/// The records of a text; the reason why it has none.
pub(super) fn read(text: &str) -> Result<Vec<Vec<String>>, &'static str> {
    let mut records = Vec::new();
    let mut record = Vec::new();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    while !rest.is_empty() {
        let (field, after) = field(rest)?;
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

/// The field at the start of a text, and what comes after it: a comma, a line break or nothing.
fn field(text: &str) -> Result<(String, &str), &'static str> {
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
        let (part, after) = rest.split_once('"').ok_or("A quoted field does not end")?;
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
            None => return Err("Something follows a quoted field"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_can_be_quoted_empty_and_of_several_lines() {
        let text = "a,b,c\r\n1,\"x, \"\"y\"\"\nz\",\n,,\"\"\n\"last\",2,3";
        assert_eq!(
            read(text).unwrap(),
            [
                ["a", "b", "c"],
                ["1", "x, \"y\"\nz", ""],
                ["", "", ""],
                ["last", "2", "3"]
            ]
        );
        assert_eq!(read("\u{feff}a\n").unwrap(), [["a"]]);
        assert_eq!(read("a,").unwrap(), [["a", ""]]);
        assert_eq!(read("a,\nb,\n").unwrap(), [["a", ""], ["b", ""]]);
        assert!(read("").unwrap().is_empty());
    }

    #[test]
    fn a_quote_out_of_place_is_refused() {
        assert!(read("a,\"b").is_err());
        assert!(read("\"a\"b,c").is_err());
    }
}
