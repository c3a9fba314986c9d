//! No command, or `tour`: the explorer, where there is a terminal to show it on.

use std::{sync::Arc, time::Duration};

use super::{
    collection,
    exit::{Exit, Stop},
    profile_file::File,
    start::{self, Globals, Start},
};
use crate::{
    app::{
        lab::{self, Fault},
        notice::Notice,
        overlay::Trouble,
        touring::Wanted,
    },
    config::{
        profiles,
        theme::{AUTO, Wish},
    },
    domain::profile::Profile,
    sandbox::{Answer, Endpoint, Order, Wait},
    tui::{self, Ending, ExploreError, Explorer, Memory, ProfileFile, SandboxDoor, Signal},
};

/// Opens the explorer, or says what to use where it cannot be shown.
pub(super) fn run(globals: &Globals, fresh: bool, private: bool, tour: Option<Wanted>) -> anyhow::Result<Exit> {
    let (start, wrong) = Start::forgiving(globals)?;
    let chosen = globals.profile.is_some() || start.profiles.active().name == profiles::ENVIRONMENT;
    let memory = Memory {
        folder: start.paths.state.clone(),
        history: !private,
        retention: start.config.history,
        restore: !fresh,
        // Beside a file that cannot be used it is the sandbox, as the dialog says.
        restore_profile: !chosen && wrong.is_none(),
        log: start.paths.log(),
        level: start.config.level,
    };
    match tui::explore(Explorer { tour, ..explorer(globals, start, wrong, memory) }) {
        Ok(ending) => Ok(exit(ending)),
        Err(error @ ExploreError::NoTerminal) => {
            let in_place =
                "`authscope send URL` makes a call without one, `authscope demo` shows the flow, `--help` the rest";
            Err(Stop::usage(format!("{error}: {in_place}")).into())
        }
        Err(error) => Err(error.into()),
    }
}

fn explorer(globals: &Globals, start: Start, wrong: Option<String>, memory: Memory) -> Explorer {
    let cache = start.cache();
    let Start { paths, config, profiles, sandbox, clock } = start;
    let machine = Arc::new(collection::Machine::of(&paths)) as Arc<dyn tui::Machine>;
    let collection = collection::folder(globals, &config);
    let (theme, flaws) = start::theme(globals, &paths, &config);
    let mut warnings: Vec<String> = config.warnings.iter().chain(&flaws).map(ToString::to_string).collect();
    warnings.extend(collection.as_ref().err().map(|stop| stop.text.clone()));
    let named = config.theme.as_ref().map(|theme| theme.name.as_str()).unwrap_or_default();
    let hard_to_read = theme.as_ref().filter(|_| flaws.is_empty()).and_then(|theme| theme.hard_to_read(named));
    if !flaws.is_empty() {
        let drawn = theme.as_ref().map_or(AUTO, |theme| theme.base().name());
        warnings.push(format!("The theme `{named}` was not used; `{drawn}` stands in for it."));
    }
    let trouble = match wrong {
        Some(text) => Some(Trouble { unusable: true, text, top: 0 }),
        None if warnings.is_empty() => None,
        None => Some(Trouble { unusable: false, text: warnings.join("\n"), top: 0 }),
    };
    let active = profiles.all().iter().position(|profile| profile.name == profiles.active().name).unwrap_or(0);
    let handle = sandbox.handle();
    let profile_file = start::config_path(globals, &paths).map(|path| {
        let (globals, path) = (globals.clone(), path.to_owned());
        // It is the first one, and there whatever the file says.
        let sandbox = Profile::clone(&profiles.all()[0]);
        Arc::new(File { globals, path, sandbox }) as Arc<dyn ProfileFile>
    });
    let play = move |fault| {
        if let Some(order) = meaning(fault) {
            handle.order(order);
        }
        let warped = format!("tokens live {} s", WARPED_LIFE.as_secs());
        let said = |line: String| if line == warped { lab::WARPED.to_owned() } else { line };
        handle.faults().into_iter().map(said).collect()
    };
    Explorer {
        profiles: profiles.all().to_vec(),
        active,
        keymap: config.keymap,
        wish: Wish { theme, signs: config.signs, background: config.background },
        own_themes: start::own_themes(globals, &paths),
        formatters: config.formatters,
        snippets: super::snippet::snippets(globals),
        notice: hard_to_read.map(Notice::attention),
        trouble,
        clock,
        dice: start::dice(),
        cache,
        memory,
        profile_file,
        collection: collection.as_ref().ok().cloned().flatten(),
        machine: Some(machine),
        program: std::env::current_exe().ok(),
        sandbox: SandboxDoor { serve: Box::pin(sandbox.serve(std::future::pending())), play: Box::new(play) },
        viewed: None,
        tour: None,
    }
}

pub(super) fn exit(ending: Ending) -> Exit {
    match ending {
        Ending::Quit => Exit::Done,
        Ending::Signal(Signal::HangUp) => Exit::HungUp,
        Ending::Signal(Signal::Interrupt) => Exit::Cancelled,
        Ending::Signal(Signal::Quit) => Exit::QuitBySignal,
        Ending::Signal(Signal::Terminate) => Exit::Terminated,
    }
}

/// The life of a token while time is warped: no other fault has it.
const WARPED_LIFE: Duration = Duration::from_secs(30);

/// What a fault of the lab means to the sandbox.
fn meaning(fault: Fault) -> Option<Order> {
    use Endpoint::{Api, Token};
    let answer = |endpoint, answer, times| Order::Answer { endpoint, answer, times };
    let wait = |wait| Order::Wait { endpoint: Token, wait, times: None };
    let status =
        |status, retry_after: Option<&str>| Answer::Status { status, retry_after: retry_after.map(str::to_owned) };
    Some(match fault {
        Fault::ExpireTokens => Order::RevokeAll,
        Fault::Life20 => Order::Lifetime { life: Duration::from_secs(20) },
        Fault::Life5 => Order::Lifetime { life: Duration::from_secs(5) },
        Fault::RefuseCredentials => answer(Token, Answer::Refuse, None),
        Fault::SlowTokens => wait(Wait::Seconds(Duration::from_secs(3))),
        Fault::HangTokens => wait(Wait::Hang),
        Fault::ThrottleTokens => answer(Token, status(429, Some("8")), Some(1)),
        Fault::BreakTokens => answer(Token, status(503, None), Some(3)),
        Fault::HtmlTokens => answer(Token, Answer::Html, None),
        Fault::RefuseCalls => answer(Api, Answer::Refuse, None),
        Fault::MissingScope => answer(Api, Answer::Scope("payments.write".to_owned()), None),
        Fault::ThrottleCalls => answer(Api, status(429, Some("5")), Some(1)),
        Fault::BreakCalls => answer(Api, status(503, None), Some(1)),
        Fault::DropCalls => answer(Api, Answer::Drop, Some(1)),
        Fault::CutBody => answer(Api, Answer::DropHalf, Some(1)),
        Fault::ServerAhead => Order::Clock { offset_seconds: 3600 },
        Fault::Warp => Order::Lifetime { life: WARPED_LIFE },
        Fault::Usual => Order::Reset,
        Fault::Nothing => return None,
    })
}
