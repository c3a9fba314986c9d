//! A token decoded, in lines: its header and claims with their meanings, its life by every account of it, what changed
//! since the one before, and the clock that it is counted on. Nothing of it is called valid.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::lines::{FACT, Line};
use crate::{
    app::{App, wrap::words},
    domain::{figures, jwt::meaning, token::TokenFacts},
};

/// What a token says of itself, which nobody has checked, in lines of so many columns.
pub fn lines(app: &App, token: &TokenFacts, columns: usize) -> Vec<Line> {
    let mut page = Page { app, columns, lines: Vec::new() };
    match &token.jwt {
        None => page.words("The token is opaque: only its server can read it."),
        Some(jwt) => {
            page.lines.push(Line::Title("Decoded; the signature is unchecked.".to_owned()));
            page.words("Its signature was not checked, and is not shown; anybody can write such claims.");
            if jwt.header.get("alg").and_then(Value::as_str).is_some_and(|alg| alg.eq_ignore_ascii_case("none")) {
                page.words("Its alg is none: nobody signed it (RFC 7515, appendix A.5).");
            }
            page.members("Header", &jwt.header);
            page.members("Claims", &jwt.claims);
        }
    }
    page.life(token);
    page.since_the_one_before(token);
    page.clock(token);
    page.lines
}

struct Page<'a> {
    app: &'a App,
    columns: usize,
    lines: Vec<Line>,
}

impl Page<'_> {
    fn words(&mut self, text: &str) {
        self.lines.extend(words(text, self.columns).into_iter().map(Line::Words));
    }

    fn title(&mut self, title: &str) {
        self.lines.extend([Line::Blank, Line::Title(title.to_owned())]);
    }

    fn row(&mut self, name: &str, text: &str) {
        let room = self.columns.saturating_sub(usize::from(FACT)).max(1);
        let mut name = name.to_owned();
        let text = words(&self.app.masks.masked(text), room).into_iter();
        self.lines.extend(text.map(|line| Line::Key(std::mem::take(&mut name), line)));
    }

    fn members(&mut self, title: &str, members: &Map<String, Value>) {
        self.title(title);
        for (name, value) in members {
            let time = moment(name, value).map(|at| figures::moment(at, self.app.now.wall, &self.app.zone));
            let time = time.map(|time| format!(", {time}")).unwrap_or_default();
            self.row(name, &format!("{value}{time}"));
            if let Some(meaning) = meaning(name) {
                self.row("", meaning);
            }
        }
    }

    /// What the answer, the token and the documentation say of its life, side by side.
    fn life(&mut self, token: &TokenFacts) {
        self.title("Its life");
        let claimed = token.jwt.as_ref().and_then(|jwt| jwt.seconds("exp")?.checked_sub(jwt.seconds("iat")?));
        let calls = self.app.timeline.flows().iter().rev().flat_map(|flow| &flow.trips);
        let call = calls.filter(|trip| trip.issued == Some(token.serial)).find_map(|trip| trip.token_call.as_ref());
        let answer = call.and_then(|call| serde_json::from_str::<Map<String, Value>>(&call.body).ok());
        let profile = self.app.environment.profile();
        let told = answer.as_ref().and_then(|answer| profile.answer.expiry.of(answer)).map(ToString::to_string);
        let seconds = |seconds: Option<i64>| seconds.map_or("not told".to_owned(), |seconds| format!("{seconds} s"));
        self.row(
            "the answer",
            &told.map_or("not told".to_owned(), |told| format!("{}: {told}", profile.answer.expiry)),
        );
        self.row("the token", &format!("exp - iat: {}", seconds(claimed)));
        let expected = profile.expected_life.map(|life| life.as_secs());
        let expected = expected.map_or("nothing promised".to_owned(), |life| format!("{life} s documented"));
        self.row("the profile", &format!("{expected} for {}", profile.name));
        let counts = token.life.map(|life| life.as_secs());
        let counts =
            counts.map_or("used until a 401".to_owned(), |life| format!("{life} s, the shortest of what is told"));
        self.row("counted", &counts);
    }

    fn since_the_one_before(&mut self, token: &TokenFacts) {
        let Some(before) = self.before(token) else { return };
        let (Some(old), Some(new)) = (&before.jwt, &token.jwt) else { return };
        self.title(&format!("Since {}", before.serial));
        let mut same = true;
        for (old, new) in [(&old.header, &new.header), (&old.claims, &new.claims)] {
            let names = new.keys().chain(old.keys().filter(|name| !new.contains_key(*name)));
            for name in names.filter(|name| old.get(*name) != new.get(*name)) {
                same = false;
                let text = |value: Option<&Value>| value.map_or("nothing".to_owned(), ToString::to_string);
                self.row(name, &format!("was {}, is {}", text(old.get(name)), text(new.get(name))));
            }
        }
        if same {
            self.words("It says the same of itself.");
        }
    }

    /// The newest generation of those in memory that is older.
    fn before(&self, token: &TokenFacts) -> Option<Arc<TokenFacts>> {
        let status = self.app.status.as_ref().ok()?;
        let earlier = status.earlier.iter().map(|(known, ..)| known);
        earlier.filter(|known| known.serial < token.serial).max_by_key(|known| known.serial).cloned()
    }

    /// What the countdown rests on.
    fn clock(&mut self, token: &TokenFacts) {
        self.title("The clock");
        self.row("counted", "from when the token call went out, on a clock that goes on while the machine sleeps");
        match token.skew_ms {
            // A date of whole seconds, taken at the middle of a call whose answer may have been long on its way.
            Some(skew) => {
                let skew = figures::skew(skew);
                self.row("skew", &format!("{skew}: the server's Date at this token's issue, less our wall clock"));
                self.row("", "right to a second and half the time of the token call; no countdown rests on it");
            }
            None => self.row("skew", "not measured: the token call's answer had no Date that counts"),
        }
    }
}

/// The time that a claim is, where it is one.
fn moment(name: &str, value: &Value) -> Option<Timestamp> {
    let seconds = matches!(name, "exp" | "iat" | "nbf" | "auth_time").then(|| value.as_f64()).flatten()?;
    #[expect(clippy::cast_possible_truncation, reason = "a float saturates, and a date that far is none")]
    Timestamp::from_second(seconds.floor() as i64).ok()
}
