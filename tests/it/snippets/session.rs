//! A Java machine that runs many snippets, one after the other: one of its own for each would start for longer than it
//! runs. The environment is that of the machine, so there is one for each that contradicts another.

use std::{collections::BTreeMap, path::Path, process::Stdio};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    process::{Child, ChildStdin, ChildStdout},
};

use super::toolchains::Toolchain;

/// How a snippet ended, and what it printed.
pub struct End {
    pub good: bool,
    pub out: Vec<u8>,
    pub err: Vec<u8>,
}

/// The machines of one language.
#[derive(Default)]
pub struct Sessions(Vec<Session>);

struct Session {
    environment: BTreeMap<String, String>,
    input: ChildStdin,
    output: ChildStdout,
    _child: Child,
}

impl Sessions {
    /// Starts what runs all of these environments.
    pub fn start<'a>(
        toolchain: &Toolchain,
        folder: &Path,
        all: impl Iterator<Item = &'a BTreeMap<String, String>>,
    ) -> Self {
        let mut merged: Vec<BTreeMap<String, String>> = Vec::new();
        for environment in all {
            let agrees = |known: &&mut BTreeMap<String, String>| {
                environment.iter().all(|(name, value)| known.get(name).is_none_or(|other| other == value))
            };
            match merged.iter_mut().find(agrees) {
                Some(known) => known.extend(environment.clone()),
                None => merged.push(environment.clone()),
            }
        }
        let session = |environment: BTreeMap<String, String>| {
            let mut command = tokio::process::Command::from(toolchain.session(folder));
            command.envs(&environment).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
            let mut child = command.spawn().unwrap();
            let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
            Session { environment, input, output, _child: child }
        };
        Self(merged.into_iter().map(session).collect())
    }

    /// Runs the snippet of that number.
    pub async fn run(&mut self, at: usize, environment: &BTreeMap<String, String>) -> End {
        let fits = |session: &&mut Session| {
            environment.iter().all(|(name, value)| session.environment.get(name) == Some(value))
        };
        let session = self.0.iter_mut().find(fits).unwrap();
        session.input.write_all(format!("{at}\n").as_bytes()).await.unwrap();
        let good = session.output.read_i32().await.unwrap() == 0;
        let mut printed = Vec::new();
        for _ in 0..2 {
            let mut bytes = vec![0; usize::try_from(session.output.read_i32().await.unwrap()).unwrap()];
            session.output.read_exact(&mut bytes).await.unwrap();
            printed.push(bytes);
        }
        let err = printed.pop().unwrap();
        End { good, out: printed.pop().unwrap(), err }
    }
}
