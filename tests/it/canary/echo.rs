//! A server that gives the sentinels back in everything it says, and counts how often it was sent them.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use super::sentinel::{SECRET, TOKEN, forms};
use crate::raw_server::{Line, RawServer, answer};

/// See the module.
pub struct Echo {
    server: RawServer,
    pub said: Arc<Said>,
}

/// What it was sent, and how it behaves.
#[derive(Default)]
pub struct Said {
    /// Token calls with the secret.
    pub secrets: AtomicUsize,
    /// Calls with the token.
    pub tokens: AtomicUsize,
    /// Whether it refuses the secret.
    pub refuses: AtomicBool,
    /// Whether it says a token then, which it can only where this run of the program has one.
    pub names_the_token: AtomicBool,
}

impl Said {
    /// Token calls with the secret, and calls with the token, so far.
    pub fn counts(&self) -> (usize, usize) {
        (self.secrets.load(Ordering::SeqCst), self.tokens.load(Ordering::SeqCst))
    }
}

impl Echo {
    pub fn new() -> Self {
        let said = Arc::<Said>::default();
        let server = RawServer::new({
            let said = said.clone();
            move |line| served(line, said.clone())
        });
        Self { server, said }
    }

    /// A config file whose profiles are all here: one that gets its secret from the environment, one from a command,
    /// one from the person, one that is in production; and one word too many.
    pub fn config(&self) -> String {
        let profile = |name: &str, more: &str, source: &str| self.profile(name, more, source);
        let from_environment = "{ env = \"CANARY_SECRET\" }";
        let from_command = r#"{ command = ["sh", "-c", "env >\"$HOME/of-the-command\"; cat \"$KEPT\""] }"#;
        [
            "profile = \"canary\"\n[look]\nodd = 1\n".to_owned(),
            profile("canary", "", from_environment),
            profile("commanded", "", from_command),
            profile("asked", "", "{ prompt = true }"),
            profile("live", "production = true\n", from_environment),
        ]
        .concat()
    }
    /// A further profile, whose secret rests in that file.
    pub fn kept_in(&self, file: &std::path::Path) -> String {
        self.profile("kept", "", &format!("{{ file = \"{}\" }}", file.display()))
    }

    fn profile(&self, name: &str, more: &str, source: &str) -> String {
        let base = self.server.url("");
        format!(
            "[profiles.{name}]\nbase-url = \"{base}\"\ntoken-url = \"/api/token\"\n{more}\
             [profiles.{name}.credentials.default]\nclient-id = \"canary\"\nsecret = {source}\n"
        )
    }
}

async fn served(mut line: Line, said: Arc<Said>) {
    while let Some((request, body)) = line.request().await {
        let target = request.line().split(' ').nth(1).unwrap().to_owned();
        let json = |text: &str| serde_json::to_string(text).unwrap();
        let refuses = target == "/api/token" && said.refuses.load(Ordering::SeqCst);
        let known = if refuses { "" } else { TOKEN };
        let echo = format!("x-echo: {known} {SECRET}\r\nset-cookie: secret={SECRET}\r\n");
        if target == "/api/token" {
            let sent = String::from_utf8(body).unwrap();
            said.secrets.fetch_add(usize::from(sent.contains(&json(SECRET))), Ordering::SeqCst);
            let (status, body) = if refuses {
                let other = if said.names_the_token.load(Ordering::SeqCst) { TOKEN } else { "another" };
                let about = json(&format!("not {SECRET} nor {other}"));
                ("401 Unauthorized", format!(r#"{{"error":"invalid_client","error_description":{about}}}"#))
            } else {
                let secret = json(SECRET);
                let token = format!(r#""access_token":"{TOKEN}","token_type":"Bearer","expires_in":1800"#);
                ("200 OK", format!(r#"{{{token},"scope":{secret},"you_said":{secret}}}"#))
            };
            line.say(answer(status, &echo, &body)).await;
            continue;
        }
        let bearer = request.header("authorization") == Some(&format!("Bearer {TOKEN}"));
        said.tokens.fetch_add(usize::from(bearer), Ordering::SeqCst);
        match target.split('?').next().unwrap() {
            "/hang" => line.gone().await,
            "/refused" => {
                let challenge = format!("www-authenticate: Bearer error=\"invalid_token\", scope=\"{TOKEN}\"\r\n");
                line.say(answer("401 Unauthorized", &(challenge + &echo), &everything())).await;
            }
            "/away" => {
                let place = format!("location: /plain?token={TOKEN}\r\n");
                line.say(answer("302 Found", &(place + &echo), "{}")).await;
            }
            "/plain" => line.say(answer("200 OK", &echo, "{}")).await,
            _ => line.say(answer("200 OK", &echo, &everything())).await,
        }
    }
}

/// A body with both in each form that a server writes JSON in.
fn everything() -> String {
    let of = |text: &str| {
        // Raw is what JSON escapes.
        let forms = forms(text).into_iter().filter(|(name, _)| name != "raw");
        forms.map(|(_, form)| format!("    \"said {form} to\"")).collect::<Vec<_>>().join(",\n")
    };
    let in_a_row = format!("{TOKEN} {TOKEN}");
    format!(
        "{{\n  \"token\": [\n{}\n  ],\n  \"secret\": [\n{}\n  ],\n  \"row\": \"{in_a_row}\"\n}}\n",
        of(TOKEN),
        of(SECRET)
    )
}
