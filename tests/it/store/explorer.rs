//! The explorer in a terminal of its own, over a home that outlives it.

use std::{
    io::{Read, Write},
    num::NonZero,
    path::{Path, PathBuf},
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// See the module.
pub struct Explorer {
    child: Box<dyn Child + Send + Sync>,
    screen: vt100::Parser,
    reader: Box<dyn Read + Send>,
    keyboard: Box<dyn Write + Send>,
    _master: Box<dyn MasterPty + Send>,
}

/// The folder of what outlives a run.
pub fn state(home: &Path) -> PathBuf {
    home.join("state/authscope")
}

impl Explorer {
    /// Opens it, and waits for its first frame. The shell that starts it carries out what the variable `BEFORE` says.
    pub fn open(home: &Path, variables: &[(&str, &str)], words: &str) -> Self {
        let size = PtySize { rows: 40, cols: 120, ..PtySize::default() };
        let pty = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new("sh");
        let program = env!("CARGO_BIN_EXE_authscope");
        command.args(["-c", &format!("eval \"$BEFORE\"; exec {program} {words}")]);
        command.env_clear();
        let own = [("TERM", "xterm-256color"), ("LANG", "C.UTF-8")];
        for (name, value) in own.iter().chain(variables) {
            command.env(name, value);
        }
        command.env("PATH", std::env::var_os("PATH").unwrap());
        command.env("HOME", home);
        for (name, folder) in [("CONFIG", "config"), ("CACHE", "cache"), ("STATE", "state"), ("DATA", "data")] {
            command.env(format!("XDG_{name}_HOME"), home.join(folder));
        }
        command.cwd(std::env::temp_dir());
        let child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let (reader, keyboard) = (pty.master.try_clone_reader().unwrap(), pty.master.take_writer().unwrap());
        let mut explorer =
            Self { child, screen: vt100::Parser::new(rows(40), rows(120), 0), reader, keyboard, _master: pty.master };
        explorer.until("? keys");
        explorer
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Waits until this is shown.
    pub fn until(&mut self, text: &str) {
        self.until_so(|shown| shown.contains(text));
    }

    /// Waits until it is so.
    pub fn until_so(&mut self, so: impl Fn(&str) -> bool) {
        let mut bytes = [0; 1 << 14];
        while !so(&self.shown()) {
            match self.reader.read(&mut bytes) {
                Ok(count @ 1..) => self.screen.process(&bytes[..count]),
                _ => panic!("all is over; shown is:\n{}", self.shown()),
            }
        }
    }

    pub fn shown(&self) -> String {
        self.screen.screen().contents()
    }

    /// Kills it in the middle of whatever it does.
    pub fn kill(mut self) {
        let id = self.child.process_id().and_then(|id| rustix::process::Pid::from_raw(id.try_into().unwrap())).unwrap();
        // The library would begin with a hang-up, at which the program ends in good order.
        rustix::process::kill_process(id, rustix::process::Signal::KILL).unwrap();
        self.child.wait().unwrap();
    }

    /// Presses the last keys and waits for its end; gives its exit code and what it printed after the screen.
    pub fn end(mut self, keys: &str) -> (u32, String) {
        self.press(keys);
        let mut rest = Vec::new();
        // The end of a pseudo-terminal is an error on Linux.
        let _ = self.reader.read_to_end(&mut rest);
        self.screen.process(&rest);
        (self.child.wait().unwrap().exit_code(), self.shown())
    }
}

fn rows(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap()
}
