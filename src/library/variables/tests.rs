use super::*;
use crate::domain::{
    request::Pair,
    template::{TemplateError, resolved},
};

fn draft(url: &str) -> Draft {
    Draft { method: "GET".into(), url: url.into(), ..Draft::default() }
}

fn layer(source: &str, rows: &[(&str, &str)]) -> Layer {
    Layer::new(source, rows.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

fn reach(draft: &Draft, layers: &[Layer], outside: &Outside) -> Variables {
    Reach { near: layers, answers: &Answers::default(), far: &[], outside }.variables(names(draft))
}

#[test]
fn the_nearest_place_wins_and_each_variable_says_where_it_comes_from() {
    let mut draft = draft("{{a}}{{b}}{{c}}");
    draft.variables = vec![Pair::new("b", "own"), Pair { on: false, ..Pair::new("c", "off") }];
    let layers = [
        layer("run", &[("a", "run")]),
        Layer::own(&draft),
        layer("file", &[("a", "file"), ("b", "file"), ("c", "file")]),
    ];
    let variables = reach(&draft, &layers, &Outside::default());
    assert_eq!(resolved(&draft.url, &variables).unwrap(), "runownfile");
    let sources: Vec<_> = ["a", "b", "c"].map(|name| variables.named(name).unwrap().source.clone()).into();
    assert_eq!(sources, ["run", "request", "file"]);
}

#[test]
fn the_environment_is_wanted_by_name_and_stays_a_secret() {
    let draft = draft("{{key}}/{{$env.HOME}}");
    let layers = [layer("file", &[("key", "{{$processEnv API_KEY}}")])];
    let all = Reach { near: &layers, answers: &Answers::default(), far: &[], outside: &Outside::default() };
    assert_eq!(all.wanted(names(&draft)), ["HOME", "API_KEY"]);
    let unread = reach(&draft, &layers, &Outside::default());
    let refused = resolved(&draft.url, &unread).unwrap_err();
    assert!(matches!(&refused, TemplateError::Missing(name, ..) if name == "$processEnv API_KEY"), "{refused}");
    let mut outside = Outside::default();
    outside.read.insert("API_KEY".into(), Some(Arc::new(Secret::new("hunter2hunter2"))));
    outside.read.insert("HOME".into(), None);
    let variables = reach(&draft, &layers, &outside);
    assert!(matches!(variables.named("$processEnv API_KEY").unwrap().value, Value::Secret(_)));
    assert!(resolved(&draft.url, &variables).unwrap_err().to_string().contains("no variable HOME"));
}

#[test]
fn a_secret_goes_to_the_origins_of_the_profile_alone_and_its_field_is_marked() {
    let mut outside = Outside::default();
    outside.read.insert("KEY".into(), Some(Arc::new(Secret::new("hunter2hunter2"))));
    for (url, goes) in [("http://127.0.0.1:1/x", true), ("http://elsewhere.example/x", false)] {
        let mut draft = draft(url);
        draft.headers = vec![Pair::new("X-Custom", "{{$processEnv KEY}}")];
        let bound = url::Url::parse("http://127.0.0.1:1").ok().and_then(|url| crate::domain::origin::Origin::of(&url));
        let variables = reach(&draft, &[], &outside).bound_to(bound.into_iter().collect());
        let prepared = draft.prepared(&variables);
        assert_eq!(prepared.is_ok(), goes, "{prepared:?}");
        match prepared {
            Ok(prepared) => assert!(prepared.headers[0].1.is_sensitive()),
            Err(errors) => assert!(errors[0].text.contains("origins of the profile"), "{}", errors[0].text),
        }
    }
}

#[test]
fn a_value_of_an_answer_that_is_not_there_yet_says_what_to_send() {
    let draft = draft("{{id}}");
    let layers = [layer("file", &[("id", "{{create.response.body.transactionId}}")])];
    let told = resolved(&draft.url, &reach(&draft, &layers, &Outside::default())).unwrap_err().to_string();
    assert_eq!(
        told,
        "`{{create.response.body.transactionId}}` has no value (id → create.response.body.transactionId): `create` was \
         not answered in this run; send it first"
    );
}
