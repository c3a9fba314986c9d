//! `authscope export`: a request for others to read. Nothing is sent, and what is secret is hidden unless it is asked for.

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser as _},
};
use http::Method;

use super::{
    exit::{Exit, Stop},
    printer,
    start::{Globals, Start},
};
use crate::{
    config::profiles,
    domain::{
        profile::Profile,
        record::Record,
        redact::Redactor,
        request::{Draft, Pair, Prepared, RequestBody, header_field},
        template::Variables,
    },
    interchange::export::Form,
    library::catalogue,
};

const EXAMPLES: &str = "\
Examples:
  authscope export curl 'Create a payment'
  authscope export markdown POST /api/v1/transactions -d '{\"amount\":1}'
  authscope export http GET https://example.com/ -H 'X-Trace: 7'";

/// Prints a request as a curl command, HAR, .http or Markdown, its secrets hidden
#[derive(Args)]
#[command(after_help = EXAMPLES, override_usage = "authscope export [OPTIONS] <FORMAT> <NAME | [METHOD] URL>")]
pub(super) struct Arguments {
    /// The format: curl, har, http or markdown
    #[arg(value_parser = PossibleValuesParser::new(Form::ALL.map(Form::name)).map(|name| Form::named(&name).unwrap_or(Form::Curl)))]
    format: Form,
    /// The name of a request of the catalogue; or an address, before it the method if it is not GET (POST with -d)
    #[arg(required = true, num_args = 1..=2, value_name = "NAME|URL")]
    target: Vec<String>,
    /// A header field; may be given more than once
    #[arg(short = 'H', long = "header", value_name = "'Name: value'")]
    headers: Vec<String>,
    /// The body
    #[arg(short, long, value_name = "DATA")]
    data: Option<String>,
    /// Print secrets that stand in the request as they are
    #[arg(long)]
    reveal: bool,
}

/// Prints it.
pub(super) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<Exit> {
    let start = Start::strict(globals)?;
    let profile = start.profiles.active();
    let (draft, prepared) = match arguments.target.as_slice() {
        [name] if arguments.data.is_none() && arguments.headers.is_empty() && kept(name).is_some() => {
            let draft = kept(name).unwrap_or_default();
            let prepared = draft.prepared(&variables(&draft, profile));
            let wrong = |errors: Vec<_>| Stop::usage(errors.first().map(ToString::to_string).unwrap_or_default());
            (Some(draft), prepared.map_err(wrong)?)
        }
        _ => (None, typed(arguments, profile)?),
    };
    let form = arguments.format;
    let mut record = Record::unsent(&prepared, &profile.name, &Redactor::default(), arguments.reveal);
    if let Some(draft) = draft.filter(|_| form == Form::Http) {
        // With its variables, as it is kept.
        record.url.clone_from(&draft.url);
        record.request_body.clone_from(&draft.body);
    }
    let text = form.text(&record);
    printer::line(text.trim_end())?;
    Ok(Exit::Done)
}

/// The request of the catalogue that has this name.
fn kept(name: &str) -> Option<Draft> {
    let entries = catalogue::entries().into_iter().filter(|entry| !entry.token_call);
    entries.map(|entry| entry.block.draft).find(|draft| draft.name.eq_ignore_ascii_case(name))
}

fn variables(draft: &Draft, profile: &Profile) -> Variables {
    let own = draft.variables.iter().filter(|row| row.on);
    let own = own.map(|row: &Pair| (row.name.as_str(), row.value.as_str(), "request"));
    let of_profile = [("base_url", profile.base(), "profile"), ("token_url", profile.token_url.as_str(), "profile")];
    Variables::new(own.chain(of_profile).chain([("txNo", catalogue::SEEDED_TRANSACTION, "sandbox")]))
}

fn typed(arguments: &Arguments, profile: &Profile) -> Result<Prepared, Stop> {
    let (method, written) = match arguments.target.as_slice() {
        [method, url] => (method.to_ascii_uppercase(), url),
        [url] => (if arguments.data.is_some() { "POST" } else { "GET" }.to_owned(), url),
        _ => return Err(Stop::usage("there is no address")),
    };
    let method =
        Method::from_bytes(method.as_bytes()).map_err(|_| Stop::usage(format!("`{method}` is not a method")))?;
    let url = profiles::under(&profile.base_url, written).map_err(|wrong| {
        Stop::usage(format!("`{written}` is no request of the catalogue and no address: {wrong}"))
            .hint("a path after the base URL begins with `/`")
    })?;
    let mut headers = Vec::new();
    for line in &arguments.headers {
        let (name, value) = line.split_once(':').ok_or_else(|| Stop::usage("-H: write `Name: value`"))?;
        headers.push(header_field(name, value).map_err(|wrong| Stop::usage(format!("-H: {wrong}")))?);
    }
    let body = arguments.data.clone().map_or(RequestBody::Empty, |data| RequestBody::Bytes(data.into()));
    Prepared::new(method, url, headers, body).map_err(|error| Stop::usage(error.to_string()))
}
