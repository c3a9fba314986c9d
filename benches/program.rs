//! The whole program on a pseudo-terminal of 120x40, beside a bare ratatui program: start, keys, memory, idleness; and
//! what many calls do to keys and memory.
//!
//! `cargo build --profile dist --example bare && cargo bench --profile dist --bench program` prints it, in two minutes.
//! Absolute figures are the machine's: what counts is what stands beside them.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on ends")]
#![expect(clippy::disallowed_methods, reason = "a bench is about real time")]
#![expect(clippy::print_stdout, reason = "a bench prints")]

use std::{
    fs,
    io::{Read, Write},
    num::NonZero,
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant, SystemTime},
};

use authscope::sandbox::{Endpoint, Options, Order, Sandbox, Wait};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Starts of each program, and keys of each start.
const STARTS: usize = 9;
const KEYS: usize = 40;
/// What stands near the end of the explorer's first frame.
const FIRST: &str = "Quiet so far.";
const IDLE: Duration = Duration::from_secs(10);

/// A program on a terminal of its own.
struct Running {
    child: Box<dyn Child + Send + Sync>,
    told: mpsc::Receiver<Vec<u8>>,
    keyboard: Box<dyn Write + Send>,
    _master: Box<dyn MasterPty + Send>,
    screen: vt100::Parser,
}

impl Running {
    /// Starts it; gives how long it took until the text was there.
    fn start(program: &Path, home: &Path, variables: &[(&str, &str)], text: &str) -> (Self, Duration) {
        let pty = native_pty_system().openpty(PtySize { rows: 40, cols: 120, ..PtySize::default() }).unwrap();
        let mut command = CommandBuilder::new(program);
        command.env_clear();
        for (name, value) in [("TERM", "xterm-256color"), ("LANG", "C.UTF-8")].iter().chain(variables) {
            command.env(name, value);
        }
        command.env("HOME", home);
        command.cwd(home);
        let begun = Instant::now();
        let child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let (mut reader, keyboard) = (pty.master.try_clone_reader().unwrap(), pty.master.take_writer().unwrap());
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = [0; 1 << 14];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                let _ = tell.send(bytes[..count].to_vec());
            }
        });
        let screen = vt100::Parser::new(NonZero::new(40).unwrap(), NonZero::new(120).unwrap(), 0);
        let mut running = Self { child, told, keyboard, _master: pty.master, screen };
        // Off the bytes: a screen made of them would take its time.
        let mut bytes = Vec::new();
        while !String::from_utf8_lossy(&bytes).contains(text) {
            bytes.extend(running.told.recv().unwrap());
        }
        let took = begun.elapsed();
        running.screen.process(&bytes);
        (running, took)
    }

    fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Waits for what comes.
    fn read(&mut self) {
        let bytes = self.told.recv().unwrap();
        self.screen.process(&bytes);
    }

    /// Reads all that has come; gives how many bytes.
    fn drain(&mut self) -> usize {
        let bytes: Vec<u8> = self.told.try_iter().flatten().collect();
        self.screen.process(&bytes);
        bytes.len()
    }

    fn until(&mut self, text: &str) {
        while !self.screen.screen().contents().contains(text) {
            self.read();
        }
    }

    /// How long each of some keys waits for the first byte of its answer.
    fn answers(&mut self, keys: usize) -> Vec<Duration> {
        let answer = |at: usize| {
            // The frame of the key before has been read by then.
            thread::sleep(Duration::from_millis(3));
            self.drain();
            let begun = Instant::now();
            self.press(if at.is_multiple_of(2) { "j" } else { "k" });
            self.read();
            begun.elapsed()
        };
        (0..keys).map(answer).collect()
    }

    fn about(&self, file: &str) -> String {
        fs::read_to_string(format!("/proc/{}/{file}", self.child.process_id().unwrap())).unwrap()
    }

    /// Memory in use, in MB.
    fn memory(&self) -> f64 {
        let status = self.about("status");
        let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        kilobytes.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
    }

    /// Time on a processor so far, in ms, of every thread.
    fn worked(&self) -> f64 {
        let threads = fs::read_dir(format!("/proc/{}/task", self.child.process_id().unwrap())).unwrap();
        let spent = threads.map(|entry| fs::read_to_string(entry.unwrap().path().join("schedstat")).unwrap());
        spent.map(|line| line.split(' ').next().unwrap().parse::<f64>().unwrap()).sum::<f64>() / 1e6
    }

    /// Makes calls one after another until there were so many.
    fn calls(&mut self, from: usize, to: usize) {
        for count in from..to {
            self.press("s");
            // With the token call.
            self.until(&format!(" {} calls", count + 2));
        }
    }

    fn end(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// What stands in the middle, and at 99 of 100, in ms.
fn of(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort();
    let at = |part: usize| times[(times.len() - 1) * part / 100].as_secs_f64() * 1e3;
    (at(50), at(99))
}

/// Starts, keys and memory of both programs in turn.
fn side_by_side(bare: &Path, explorer: &Path) {
    let used = tempfile::tempdir().unwrap();
    let mut rows = [("bare", bare, None), ("authscope", explorer, None), ("  in a used home", explorer, Some(&used))]
        .map(|(name, program, home)| (name, program, home, Vec::new(), Vec::new(), Vec::new()));
    for _ in 0..STARTS {
        for (_, program, home, starts, keys, memory) in &mut rows {
            let fresh = tempfile::tempdir().unwrap();
            let text = if *program == bare { "ready" } else { FIRST };
            let home = home.map_or(fresh.path(), |home| home.path());
            let (mut running, start) = Running::start(program, home, &[], text);
            starts.push(start);
            keys.extend(running.answers(KEYS));
            memory.push(running.memory());
            running.end();
        }
    }
    println!("{:<20}{:>16}{:>14}{:>8}{:>12}", "", "first text, ms", "a key, ms", "p99", "memory, MB");
    for (name, _, _, starts, keys, mut memory) in rows {
        memory.sort_by(f64::total_cmp);
        let ((start, _), (key, slow)) = (of(starts), of(keys));
        println!("{name:<20}{start:>16.1}{key:>14.2}{slow:>8.2}{:>12.1}", memory[memory.len() / 2]);
    }
}

/// What a program does while nobody does anything.
fn idle(what: &str, running: &mut Running) {
    // What follows the first frame is done by then.
    thread::sleep(Duration::from_secs(1));
    running.drain();
    let worked = running.worked();
    thread::sleep(IDLE);
    let (worked, bytes) = (running.worked() - worked, running.drain());
    println!("{what:<44}{worked:>8.2} ms of work, {bytes:>5} bytes");
}

/// Memory after more and more calls of the built-in sandbox.
fn memory(explorer: &Path) {
    let home = tempfile::tempdir().unwrap();
    let (mut running, _) = Running::start(explorer, home.path(), &[], FIRST);
    idle("authscope, 10 s, no token", &mut running);
    let mut made = 0;
    for calls in [6, 1_000, 10_000] {
        running.calls(made, calls);
        made = calls;
        println!("after {calls:>6} calls {:>28.1} MB", running.memory());
        if calls == 6 {
            idle("authscope, 10 s, a countdown", &mut running);
        }
    }
    running.end();
}

/// Keys while 200 calls are in flight and a renewal hangs.
fn in_flight(explorer: &Path) {
    const CALLS: u64 = 200;
    let sandbox = sandbox();
    let client = sandbox.clients()[0].clone();
    let variables = [
        ("AUTHSCOPE_BASE_URL", sandbox.base_url()),
        ("AUTHSCOPE_CLIENT_ID", &client.id),
        ("AUTHSCOPE_CLIENT_SECRET", &client.secret),
    ];
    let home = tempfile::tempdir().unwrap();
    let (mut running, _) = Running::start(explorer, home.path(), &variables, FIRST);
    running.press("2ke\u{15}{{base_url}}/api/v1/transactions/txn_demo0001/status\r1s");
    running.until("200 OK");
    for endpoint in [Endpoint::Api, Endpoint::Token] {
        sandbox.order(Order::Wait { endpoint, wait: Wait::Hang, times: None });
    }
    for _ in 0..CALLS {
        running.press("s");
    }
    running.press("R");
    let journal = sandbox.journal();
    while journal.counts().in_flight < CALLS || journal.counts().token_in_flight < 1 {
        thread::sleep(Duration::from_millis(1));
    }
    let (middle, slow) = of(running.answers(500));
    println!("a key while {CALLS} calls and a renewal hang {middle:>8.2} ms, p99 {slow:.2} ms");
    running.end();
}

/// A sandbox of the bench, served by a thread.
fn sandbox() -> Sandbox {
    let bound = Sandbox::bind(Options {
        port: 0,
        lifetime: Duration::from_mins(30),
        now: Arc::new(|| SystemTime::UNIX_EPOCH.elapsed().unwrap()),
        sleep: Arc::new(|time| Box::pin(tokio::time::sleep(time))),
        clients: None,
        tls: false,
        strict: false,
    })
    .unwrap();
    let sandbox = bound.handle();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    thread::spawn(move || runtime.block_on(bound.serve(std::future::pending())));
    sandbox
}

fn main() {
    let explorer = PathBuf::from(env!("CARGO_BIN_EXE_authscope"));
    let bare = explorer.with_file_name("examples").join("bare");
    assert!(bare.exists(), "the bare program is built first, with the same profile");
    side_by_side(&bare, &explorer);
    let home = tempfile::tempdir().unwrap();
    let (mut running, _) = Running::start(&bare, home.path(), &[], "ready");
    idle("bare, 10 s", &mut running);
    running.end();
    memory(&explorer);
    in_flight(&explorer);
}
