//! OpenAPI 2.0, 3.0 and 3.1, as JSON or YAML: a request for each operation, in the folder of its tag.
//!
//! A `$ref` into another file asks for that file; one to an address is left, since nothing is fetched. What refers to
//! itself is followed as often as an example needs, and no further.

use serde_json::Value;

use super::{Files, Import, title};
use documents::{Documents, Node};

mod documents;
mod example;
mod operation;
mod places;

/// The operations that a path may have (OpenAPI 3.1, Path Item Object).
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The requests of a description.
pub fn imported(text: &str, files: &Files) -> Import {
    let mut import = Import::default();
    let root = match documents::parsed(text) {
        Ok(root) => root,
        Err(why) => {
            import.leave("the description", why);
            return import;
        }
    };
    let documents = Documents::new(root, files, &mut import);
    let root = documents.root();
    let version = |key: &str| root.value.get(key).map(|version| version.to_string().trim_matches('"').to_owned());
    let version = version("openapi").or_else(|| version("swagger")).unwrap_or_default();
    if !(version.starts_with("3.") || version.starts_with("2.")) {
        import.leave(format!("the version `{version}`"), "2.0, 3.0 and 3.1 are taken");
        return import;
    }
    let places = places::taken(&documents, version.starts_with("2."), &mut import);
    for part in ["webhooks", "x-webhooks"] {
        for name in root.value.get(part).and_then(Value::as_object).into_iter().flat_map(|hooks| hooks.keys()) {
            import.leave(format!("the webhook `{}`", title(name)), "it is a call to you, not one of yours");
        }
    }
    let Some(paths) = root.value.get("paths").and_then(Value::as_object) else {
        import.leave("the paths", "there are none");
        return import;
    };
    for (path, item) in paths.iter().filter(|(path, _)| !path.starts_with("x-")) {
        let item = match documents.resolved(Node { value: item, ..root }) {
            Ok(item) => item,
            Err(why) => {
                import.leave(format!("the path `{}`", title(path)), why);
                continue;
            }
        };
        for (method, value) in item.value.as_object().into_iter().flatten() {
            if METHODS.contains(&method.as_str()) {
                let reading = operation::Reading { documents: &documents, places: &places, path, item };
                reading.take(method, Node { value, ..item }, &mut import);
            } else if !["summary", "description", "servers", "parameters", "$ref"].contains(&method.as_str())
                && !method.starts_with("x-")
            {
                import.leave(format!("`{}` of `{}`", title(method), title(path)), "it is no method that is known");
            }
        }
    }
    import
}
