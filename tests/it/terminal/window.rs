//! A terminal window with a shell in it: a pseudo-terminal, what it would show, and every byte that it was told.

use std::{
    io::{Read as _, Write},
    num::NonZero,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::child;

/// Prints the modes of the terminal and the number of the process, runs the program, and prints its exit code and the
/// modes again.
const RUN: &str = r#"stty -g; sh -c 'echo "pid $$"; exec "$0"' "$PROGRAM"; echo "exit $?"; stty -g"#;

/// Ends a test that hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// See the module.
pub struct Window {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    told: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    bytes: Vec<u8>,
    home: TempDir,
}

impl Window {
    /// A window in which the explorer is open.
    pub fn open() -> Self {
        Self::open_with(&[])
    }

    /// The same, with variables of its own.
    pub fn open_with(variables: &[(&str, &str)]) -> Self {
        let mut window = Self::shell(&["-c", RUN], &[&[("TERM", "xterm-256color")], variables].concat());
        window.until_shown("? keys");
        window
    }

    /// A window in which the same is done with a test of this binary in the program's place, as its child.
    pub fn of_test(test: &str, told: (&str, &str)) -> Self {
        let binary = std::env::current_exe().unwrap();
        let script = format!("#!/bin/sh\nexec '{}' {test} --exact --nocapture --test-threads=1\n", binary.display());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("program");
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        let program = path.display().to_string();
        let variables = [("TERM", "xterm-256color"), ("PROGRAM", &program), child::AS_CHILD, told];
        let mut window = Self::shell(&["-c", RUN], &variables);
        window.until_shown("? keys");
        window
    }

    /// A window with a shell, 120 columns wide and 40 rows high.
    pub fn shell(words: &[&str], variables: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: 40, cols: 120, ..PtySize::default() };
        let pty = native_pty_system().openpty(size).unwrap();
        let home = tempfile::tempdir().unwrap();
        let mut command = CommandBuilder::new("sh");
        command.args(words);
        command.env_clear();
        let own = [("PROGRAM", env!("CARGO_BIN_EXE_authscope")), ("LANG", "C.UTF-8"), ("PS1", "prompt> ")];
        command.env("PATH", std::env::var_os("PATH").unwrap());
        for (name, value) in own.iter().chain(variables) {
            command.env(name, value);
        }
        command.env("HOME", home.path());
        command.cwd(home.path());
        let child = pty.slave.spawn_command(command).unwrap();
        let (mut reader, keyboard) = (pty.master.try_clone_reader().unwrap(), pty.master.take_writer().unwrap());
        let (tell, told) = channel();
        thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            // The end of a pseudo-terminal is an error on Linux.
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if tell.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let screen = vt100::Parser::new(cells(40), cells(120), 0);
        Self { child, master: pty.master, keyboard, told, screen, bytes: Vec::new(), home }
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) {
        self.type_bytes(keys.as_bytes());
    }

    /// Sends bytes that are no text.
    pub fn type_bytes(&mut self, bytes: &[u8]) {
        self.keyboard.write_all(bytes).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Makes the window larger or smaller.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        let size = PtySize { rows, cols: columns, ..PtySize::default() };
        self.master.resize(size).unwrap();
        self.screen.screen_mut().set_size(cells(rows), cells(columns));
    }

    /// Closes the window, and waits for the program that was started without a shell; gives its exit code.
    pub fn close(mut self) -> u32 {
        drop(self.told);
        // The answer to a key lets the reading thread go, and with it the last hold on the window.
        self.keyboard.write_all(b"?").unwrap();
        drop((self.keyboard, self.master));
        self.child.wait().unwrap().exit_code()
    }

    /// What is shown.
    pub fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Whether the program has the screen to itself.
    pub fn is_taken(&self) -> bool {
        self.screen.screen().alternate_screen()
    }

    /// Whether no cursor is seen.
    pub fn hides_the_cursor(&self) -> bool {
        self.screen.screen().hide_cursor()
    }

    /// The person's folder, where the shell is.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Every byte so far.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Waits until it is so.
    pub fn until(&mut self, so: impl Fn(&Self) -> bool) {
        let guard = Guard::new();
        while !so(self) {
            guard.check(|| self.text());
            let chunk = self.read().unwrap_or_else(|| panic!("all is over; shown is:\n{}", self.text()));
            self.screen.process(&chunk);
            self.bytes.extend(chunk);
        }
    }

    /// Waits until this is shown.
    pub fn until_shown(&mut self, text: &str) {
        self.until(|window| window.text().contains(text));
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        let told = String::from_utf8_lossy(&self.bytes);
        let id = told.split("pid ").find_map(|rest| rest.lines().next()?.trim().parse().ok()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
    }

    /// Waits for the shell to end, and checks that the terminal is as the program found it; gives the program's exit
    /// code.
    pub fn end(mut self) -> u32 {
        self.read_to_end();
        let screen = self.screen.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        // Off the bytes, since a window that was small has cut its lines.
        let told = String::from_utf8_lossy(&self.bytes);
        let before = told.lines().next().unwrap();
        assert!(told.rfind("\x1b[?1004l") > told.rfind("\x1b[?1004h"), "the focus is told no more");
        let [.., code, after] = told.lines().collect::<Vec<_>>()[..] else { panic!("{told}") };
        assert_eq!(before, after, "the modes are as before");
        code.rsplit("exit ").next().unwrap().parse().unwrap()
    }

    /// Waits for the shell to end, and gives its exit code.
    pub fn ended(mut self) -> u32 {
        self.read_to_end();
        self.child.wait().unwrap().exit_code()
    }

    /// Waits for the program that was started without a shell, and gives its exit code and every byte to the last.
    pub fn rest(mut self) -> (u32, Vec<u8>) {
        self.read_to_end();
        (self.child.wait().unwrap().exit_code(), self.bytes)
    }

    fn read_to_end(&mut self) {
        let guard = Guard::new();
        while let Some(chunk) = self.read() {
            guard.check(|| self.text());
            self.screen.process(&chunk);
            self.bytes.extend(chunk);
        }
    }

    /// What comes next; nothing once the last program has gone.
    fn read(&self) -> Option<Vec<u8>> {
        match self.told.recv_timeout(PATIENCE) {
            Ok(chunk) => Some(chunk),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("nothing comes any more; shown is:\n{}", self.text()),
        }
    }
}

/// Ends a test in which things come, but not what it waits for.
pub struct Guard(Instant);

#[expect(clippy::disallowed_methods, reason = "a guard against hanging is about real time")]
impl Guard {
    pub fn new() -> Self {
        Self(Instant::now())
    }

    pub fn check(&self, shown: impl Fn() -> String) {
        assert!(self.0.elapsed() < PATIENCE, "it does not come; shown is:\n{}", shown());
    }
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap_or(NonZero::<u16>::MIN)
}
