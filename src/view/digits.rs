//! The time left in heavy digits of three rows: three columns wide, one apart.

/// The three rows of a text of digits and colons; nothing for any other character.
pub(super) fn rows(text: &str) -> Option<[String; 3]> {
    let mut rows = [String::new(), String::new(), String::new()];
    for (at, letter) in text.chars().enumerate() {
        let drawn = match letter {
            '0' => ["┏━┓", "┃ ┃", "┗━┛"],
            '1' => [" ╺┓", "  ┃", "  ╹"],
            '2' => ["╺━┓", "┏━┛", "┗━╸"],
            '3' => ["╺━┓", "╺━┫", "╺━┛"],
            '4' => ["╻ ╻", "┗━┫", "  ╹"],
            '5' => ["┏━╸", "┗━┓", "╺━┛"],
            '6' => ["┏━╸", "┣━┓", "┗━┛"],
            '7' => ["╺━┓", "  ┃", "  ╹"],
            '8' => ["┏━┓", "┣━┫", "┗━┛"],
            '9' => ["┏━┓", "┗━┫", "╺━┛"],
            ':' => ["▪", " ", "▪"],
            _ => return None,
        };
        for (row, part) in rows.iter_mut().zip(drawn) {
            if at > 0 {
                row.push(' ');
            }
            row.push_str(part);
        }
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr as _;

    use super::*;

    #[test]
    fn all_rows_of_a_time_have_one_width() {
        let rows = rows("01:23:45").unwrap();
        assert!(rows.iter().all(|row| row.width() == 6 * 3 + 2 + 7), "{rows:?}");
        assert_eq!(super::rows("2 d"), None);
        assert!(super::rows("6789").is_some());
    }
}
