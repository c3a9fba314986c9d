//! Starts the program in an environment that holds nothing but what a test puts there.

use std::{
    fs,
    io::{Read as _, Write as _},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
};

use authscope::sandbox::Sandbox;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use tempfile::TempDir;
use tokio::task;

use crate::world::World;

/// A command line with a home of its own.
pub struct Program {
    pub home: TempDir,
    command: Command,
    input: Input,
}

/// What standard input is.
enum Input {
    Nothing,
    Bytes(Vec<u8>),
    Open,
}

/// How a run ended.
pub struct Run {
    pub home: TempDir,
    /// The exit code; `None` when a signal killed it.
    pub code: Option<i32>,
    pub output: Vec<u8>,
    pub notes: String,
}

impl Program {
    /// The program with these words.
    pub fn new(words: &[&str]) -> Self {
        Self::within(tempfile::tempdir().unwrap(), words)
    }

    /// The same in a home that another run left. Whoever runs the tests may have a keyring: no program finds it.
    pub fn within(home: TempDir, words: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_authscope"));
        command.args(words).env_clear().current_dir(home.path()).env("HOME", home.path());
        for (name, folder) in [("CONFIG", "config"), ("CACHE", "cache"), ("STATE", "state"), ("DATA", "data")] {
            command.env(format!("XDG_{name}_HOME"), home.path().join(folder));
        }
        command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}/no-bus", home.path().display()));
        Self { home, command, input: Input::Nothing }
    }

    /// The same, its profile described by the environment: a sandbox of the test.
    pub fn at(sandbox: &Sandbox, words: &[&str]) -> Self {
        let client = &sandbox.clients()[0];
        Self::new(words)
            .with("AUTHSCOPE_BASE_URL", sandbox.base_url())
            .with("AUTHSCOPE_CLIENT_ID", &client.id)
            .with("AUTHSCOPE_CLIENT_SECRET", &client.secret)
    }

    /// Sets a variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// What standard input gives.
    pub fn reading(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = Input::Bytes(input.into());
        self
    }

    /// Standard input gives nothing and does not end.
    pub fn waiting(mut self) -> Self {
        self.input = Input::Open;
        self
    }

    /// Writes a file into the folder it is started in.
    pub fn file(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Its own config file.
    pub fn configured(self, text: &str) -> Self {
        self.file("config/authscope/config.toml", text)
    }

    /// Starts it; the home outlives it in what is given back.
    pub fn start(mut self) -> (Child, TempDir) {
        self.command.stdin(if matches!(self.input, Input::Nothing) { Stdio::null() } else { Stdio::piped() });
        let mut child = self.command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        if let Input::Bytes(bytes) = self.input {
            let mut pipe = child.stdin.take().unwrap();
            // A thread of its own: the program may write before it has read everything, or not read at all.
            std::thread::spawn(move || drop(pipe.write_all(&bytes)));
        }
        (child, self.home)
    }

    /// Runs it to its end.
    pub fn run(self) -> Run {
        let (child, home) = self.start();
        Run::of(child.wait_with_output().unwrap(), home)
    }

    /// Runs it on a terminal of its own, where `typed` is typed ahead, and gives what the terminal received.
    pub fn on_terminal(self, typed: &str) -> (u32, String) {
        self.talking(&[("", typed)])
    }

    /// Runs it on a terminal of its own, where each answer is typed once its question is there, and gives what the
    /// terminal received.
    pub fn talking(&self, talk: &[(&str, &str)]) -> (u32, String) {
        let pty = native_pty_system().openpty(PtySize { rows: 24, cols: 200, ..PtySize::default() }).unwrap();
        let mut command = CommandBuilder::new(self.command.get_program());
        command.args(self.command.get_args());
        command.env_clear();
        for (name, value) in self.command.get_envs() {
            command.env(name, value.unwrap());
        }
        let mut child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let (mut reader, mut writer) = (pty.master.try_clone_reader().unwrap(), pty.master.take_writer().unwrap());
        let (mut seen, mut buffer, mut talk) = (Vec::new(), [0; 4096], talk.iter().peekable());
        loop {
            while let Some((_, answer)) =
                talk.next_if(|(question, _)| String::from_utf8_lossy(&seen).contains(question))
            {
                writer.write_all(answer.as_bytes()).unwrap();
            }
            // The end of a pseudo-terminal is an error on Linux.
            let Ok(count @ 1..) = reader.read(&mut buffer) else { break };
            seen.extend_from_slice(&buffer[..count]);
        }
        (child.wait().unwrap().exit_code(), String::from_utf8(seen).unwrap())
    }

    /// Runs it to its end while the sandbox of this thread serves it.
    pub async fn served(self) -> Run {
        task::spawn_blocking(move || self.run()).await.unwrap()
    }
}

impl Run {
    pub fn of(Output { status, stdout, stderr }: Output, home: TempDir) -> Self {
        Self { home, code: status.code(), output: stdout, notes: String::from_utf8(stderr).unwrap() }
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.output.clone()).unwrap()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.output).unwrap()
    }

    /// Everything a person sees, without what differs from run to run.
    pub fn told(&self) -> String {
        let code = self.code.map_or("killed".to_owned(), |code| code.to_string());
        steady(&format!("exit {code}\n--- output\n{}\n--- notes\n{}", self.text().trim_end(), self.notes.trim_end()))
    }

    /// The files it left behind.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut folders = vec![self.home.path().to_owned()];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push((path.clone(), fs::read(path).unwrap()));
                }
            }
        }
        files
    }
}

/// A port becomes PORT, a number of milliseconds N.
fn steady(text: &str) -> String {
    let is_number = |letter: char| letter.is_ascii_digit() || letter == '.';
    let mut parts = text.split("127.0.0.1:");
    let mut ported = parts.next().unwrap().to_owned();
    for part in parts {
        ported = ported + "127.0.0.1:PORT" + part.trim_start_matches(|letter: char| letter.is_ascii_digit());
    }
    let mut parts: Vec<_> = ported.split(" ms").collect();
    let last = parts.pop().unwrap();
    let timed: String = parts.iter().map(|part| part.trim_end_matches(is_number).to_owned() + "N ms").collect();
    let lines = timed + last;
    let lines: Vec<_> = lines
        .lines()
        .map(|line| if line.trim_start().starts_with("N ms") { line.trim_start() } else { line })
        .collect();
    lines.join("\n")
}

/// Reads a pipe until it holds so many bytes.
pub fn read(pipe: &mut impl std::io::Read, bytes: usize) -> Vec<u8> {
    let mut buffer = vec![0; bytes];
    pipe.read_exact(&mut buffer).unwrap();
    buffer
}

/// Sends a signal to a program.
pub fn signal(child: &Child, signal: rustix::process::Signal) {
    let id = rustix::process::Pid::from_child(child);
    rustix::process::kill_process(id, signal).unwrap();
}

/// Reads what a program still says, and how it ends.
pub fn end(mut child: Child, home: TempDir) -> Run {
    let mut stdout = Vec::new();
    if let Some(mut pipe) = child.stdout.take() {
        pipe.read_to_end(&mut stdout).unwrap();
    }
    let output = child.wait_with_output().unwrap();
    Run::of(Output { stdout, ..output }, home)
}

/// The same while the sandbox of this thread serves it.
pub async fn ended(child: Child, home: TempDir) -> Run {
    task::spawn_blocking(move || end(child, home)).await.unwrap()
}

/// A path of a world's sandbox that wants a token, as a short word.
pub fn served(world: &World, words: &[&str]) -> Program {
    Program::at(&world.sandbox, words)
}
