//! A request of a `.http` file. What is hidden is a variable in it.

use super::{is_hidden, written};
use crate::{
    domain::{
        record::Record,
        request::{Draft, Pair},
    },
    interchange::variable_name,
    library::http_file::HttpFile,
};

/// The file. A bearer token is left out: the profile of whoever reads it has its own.
pub fn http(record: &Record) -> String {
    let mut file = HttpFile::default();
    let draft = draft(record);
    match file.push(&draft) {
        Ok(_) => file.text(),
        Err(unwritable) => format!("# {unwritable}\n"),
    }
}

/// A request that says the same again.
pub fn draft(record: &Record) -> Draft {
    let row = |(name, value): &(String, String)| {
        let hidden = is_hidden(value);
        if hidden && name.eq_ignore_ascii_case("authorization") {
            return None;
        }
        let value = if hidden { format!("{{{{{}}}}}", variable_name(&name.to_lowercase())) } else { value.clone() };
        Some(Pair::new(name, value))
    };
    Draft {
        name: record.name.clone(),
        method: record.method.clone(),
        url: record.url.clone(),
        headers: written(record).filter_map(row).collect(),
        body: record.request_body.clone(),
        ..Draft::default()
    }
}
