//! How the snippets of each language are run: what has to be installed, how many of them are built at once, and the
//! command that runs one. A snippet is run as it is printed; where a compiler wants a name of its own for each, a line
//! before it, or the clause that names its package, is all that differs.

use std::{
    env,
    fmt::Write as _,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

/// How one is run.
#[derive(Clone, Copy)]
enum Run {
    /// By a process of its own.
    Process(fn(&Path, usize) -> Command),
    /// By one process that runs many.
    Session(fn(&Path) -> Command),
}

/// A language on this machine.
pub struct Toolchain {
    pub id: &'static str,
    /// Programs, each beside the Debian package that has it.
    needs: &'static [&'static str],
    build: fn(&Path, &[String]) -> Result<(), String>,
    command: Run,
    /// Whether its client sends header fields of one name as one (RFC 9110 §5.3).
    pub joins: bool,
}

pub const TOOLCHAINS: &[Toolchain] = &[
    Toolchain {
        id: "curl",
        needs: &["sh", "curl", "jq", "base64"],
        build: scripts,
        command: Run::Process(sh),
        joins: false,
    },
    Toolchain { id: "javascript", needs: &["node"], build: scripts, command: Run::Process(node), joins: true },
    Toolchain { id: "python", needs: &["python3"], build: scripts, command: Run::Process(python), joins: true },
    Toolchain { id: "java", needs: &["javac", "java"], build: java_classes, command: Run::Session(java), joins: false },
    Toolchain { id: "go", needs: &["go"], build: go_program, command: Run::Process(program_of_all), joins: false },
    Toolchain { id: "ruby", needs: &["ruby"], build: scripts, command: Run::Process(ruby), joins: true },
    Toolchain {
        id: "httpie",
        needs: &["sh", "http", "jq", "base64"],
        build: scripts,
        command: Run::Process(sh),
        joins: false,
    },
    Toolchain { id: "rust", needs: &[], build: rust_program, command: Run::Process(program_of_all), joins: false },
];

/// The place of what is built, which outlives a run: compilers find their work of before.
fn kept() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("snippets");
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The Python that has what `tests/snippets/requirements.txt` names.
pub fn python_of_machine() -> String {
    env::var("AUTHSCOPE_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

impl Toolchain {
    /// What is missing here, if anything.
    pub fn missing(&self) -> Option<String> {
        let there = |program: &&&str| !found(program);
        if let Some(program) = self.needs.iter().find(there) {
            return Some(format!("{}: there is no `{program}`", self.id));
        }
        let imports = (self.id == "python").then_some("requests")?;
        let probe = Command::new(python_of_machine()).args(["-c", &format!("import {imports}")]).output();
        let has = probe.is_ok_and(|probe| probe.status.success());
        (!has).then(|| format!("{}: `{}` has no {imports}", self.id, python_of_machine()))
    }

    /// Writes the snippets into a folder and builds what has to be built.
    pub fn build(&self, folder: &Path, snippets: &[String]) -> Result<(), String> {
        (self.build)(folder, snippets)
    }

    /// Whether one process runs them all.
    pub fn is_session(&self) -> bool {
        matches!(self.command, Run::Session(_))
    }

    /// The command that runs one of them.
    pub fn command(&self, folder: &Path, at: usize) -> Command {
        match self.command {
            Run::Process(command) => alone(command(folder, at), folder),
            Run::Session(_) => unreachable!("{} is run by a session", self.id),
        }
    }

    /// The command that runs many.
    pub fn session(&self, folder: &Path) -> Command {
        match self.command {
            Run::Session(command) => alone(command(folder), folder),
            Run::Process(_) => unreachable!("{} is run by processes", self.id),
        }
    }
}

/// No file of the person changes what a client sends, and no proxy is asked.
fn alone(mut command: Command, folder: &Path) -> Command {
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(name);
    }
    command.env("HOME", folder).env("XDG_CONFIG_HOME", folder).env("LC_ALL", "C.UTF-8").current_dir(folder);
    command
}

fn found(program: &str) -> bool {
    let paths = path();
    env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

/// The folders of programs, that of the Python with the libraries first.
fn path() -> std::ffi::OsString {
    let own = Path::new(&python_of_machine()).parent().filter(|folder| folder.is_absolute()).map(Path::to_path_buf);
    let usual = env::var_os("PATH").unwrap_or_default();
    env::join_paths(own.into_iter().chain(env::split_paths(&usual))).unwrap()
}

/// A program of this machine.
fn program(name: &str) -> Command {
    let mut command = Command::new(name);
    command.env("PATH", path());
    command
}

/// A module of Node is known by the end of its name; the others do not mind.
fn file(folder: &Path, at: usize) -> PathBuf {
    folder.join(format!("s{at}.mjs"))
}

/// Nothing to build: a file each.
fn scripts(folder: &Path, snippets: &[String]) -> Result<(), String> {
    snippets.iter().enumerate().try_for_each(|(at, snippet)| written(&file(folder, at), snippet))
}

fn script(name: &str, folder: &Path, at: usize) -> Command {
    let mut command = program(name);
    command.arg(file(folder, at));
    command
}

fn sh(folder: &Path, at: usize) -> Command {
    script("sh", folder, at)
}

fn node(folder: &Path, at: usize) -> Command {
    script("node", folder, at)
}

fn ruby(folder: &Path, at: usize) -> Command {
    script("ruby", folder, at)
}

fn python(folder: &Path, at: usize) -> Command {
    script(&python_of_machine(), folder, at)
}

/// One compiler run for all: each has a package of its own, named on a line before it.
fn java_classes(folder: &Path, snippets: &[String]) -> Result<(), String> {
    let mut compiler = program("javac");
    compiler.args(["-encoding", "UTF-8", "-proc:none", "-d"]).arg(folder);
    let all = folder.join("All.java");
    written(&all, include_str!("All.java"))?;
    compiler.arg(all);
    for (at, snippet) in snippets.iter().enumerate() {
        let file = folder.join(format!("s{at}/Main.java"));
        written(&file, &format!("package s{at};\n{snippet}"))?;
        compiler.arg(file);
    }
    built(compiler)
}

fn java(folder: &Path) -> Command {
    let mut command = program("java");
    command.args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"]).arg(folder).arg("All");
    command
}

/// One program of all, which is told the number of the one to run.
fn program_of_all(folder: &Path, at: usize) -> Command {
    let mut command = Command::new(folder.join("all"));
    command.arg(at.to_string());
    command
}

/// Each is a package of its own; its clause is all that differs.
fn go_program(folder: &Path, snippets: &[String]) -> Result<(), String> {
    let (mut packages, mut cases) = (String::new(), String::new());
    for (at, snippet) in snippets.iter().enumerate() {
        let package = snippet.replacen("package main\n", &format!("package s{at}\n"), 1);
        written(&folder.join(format!("s{at}/main.go")), &package)?;
        written(&folder.join(format!("s{at}/run.go")), &format!("package s{at}\n\nfunc Run() {{ main() }}\n"))?;
        let _ = writeln!(packages, "\t\"snippets/s{at}\"");
        let _ = write!(cases, "\tcase \"{at}\":\n\t\ts{at}.Run()\n");
    }
    let all = format!(
        "package main\n\nimport (\n\t\"os\"\n{packages})\n\nfunc main() {{\n\tswitch os.Args[1] {{\n{cases}\t}}\n}}\n"
    );
    written(&folder.join("main.go"), &all)?;
    written(&folder.join("go.mod"), "module snippets\n\ngo 1.18\n")?;
    let mut compiler = program("go");
    compiler.args(["build", "-o", "all", "."]).current_dir(folder);
    compiler.env("GOCACHE", kept().join("go")).env("GOFLAGS", "-mod=mod").env("GOPROXY", "off");
    built(compiler)
}

/// Each is a module of one program, whose crates are those of this project's own lock.
fn rust_program(folder: &Path, snippets: &[String]) -> Result<(), String> {
    let _one = lock("rust");
    let project = kept().join("rust");
    let (mut modules, mut cases) = (String::new(), String::new());
    for (at, snippet) in snippets.iter().enumerate() {
        written(&project.join(format!("src/s{at}.rs")), snippet)?;
        let _ = writeln!(
            modules,
            "mod s{at} {{\n    include!(\"s{at}.rs\");\n    pub fn run() -> Result<(), Box<dyn Error>> {{ main() }}\n}}"
        );
        let _ = writeln!(cases, "        \"{at}\" => s{at}::run(),");
    }
    let all = format!(
        "#![allow(unused)]\nfn main() {{\n    let end = match std::env::args().nth(1).unwrap().as_str() {{\n{cases}        \
         _ => return,\n    }};\n    if let Err(error) = end {{\n        eprintln!(\"{{error}}\");\n        \
         std::process::exit(1);\n    }}\n}}\n{modules}"
    );
    written(&project.join("src/main.rs"), &all)?;
    let manifest = "[package]\nname = \"all\"\nedition = \"2024\"\n\n[dependencies]\nureq = { version = \"3\", default-features = false }\nserde_json = \"1\"\nbase64 = \"0.22\"\n\n[profile.dev]\ndebug = false\nincremental = false\n\n[workspace]\n";
    written(&project.join("Cargo.toml"), manifest)?;
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
    fs::copy(lock, project.join("Cargo.lock")).map_err(|error| error.to_string())?;
    let mut compiler = Command::new(env!("CARGO"));
    compiler.args(["build", "--offline", "--quiet", "--target-dir"]).arg(project.join("target")).current_dir(&project);
    built(compiler)?;
    fs::copy(project.join("target/debug/all"), folder.join("all")).map(drop).map_err(|error| error.to_string())
}

fn written(file: &Path, text: &str) -> Result<(), String> {
    let folder = file.parent().unwrap();
    fs::create_dir_all(folder).and_then(|()| fs::write(file, text)).map_err(|error| error.to_string())
}

/// Runs a build, and gives what it complains of.
fn built(mut command: Command) -> Result<(), String> {
    let output = command.output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(said.lines().take(60).collect::<Vec<_>>().join("\n")) }
}

/// One build at a time: what is kept between runs is one folder.
fn lock(name: &str) -> File {
    let lock = File::create(kept().join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    lock
}
