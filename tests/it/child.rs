//! A test of this binary once more, in a process of its own: under another environment, or a limit of the system.

use std::{
    env,
    process::{Command, Output},
};

/// In the environment of a child, so that a test knows which side it plays.
const CHILD: &str = "AUTHSCOPE_TEST_CHILD";

/// The variable that makes a child of a test, for those who start one themselves.
pub const AS_CHILD: (&str, &str) = (CHILD, "1");

/// Whether this process is such a child.
pub fn is_child() -> bool {
    env::var_os(CHILD).is_some()
}

/// What the parent put into the environment.
pub fn told(name: &str) -> String {
    env::var(name).unwrap()
}

/// The test of that name (`module::function`) as a child that is not started yet.
pub fn command(test: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture", "--test-threads=1"]).env(CHILD, "1");
    command
}

/// Runs the test of that name (`module::function`) as a child, and waits for its end without holding up the runtime.
pub async fn run(test: &'static str, open_files: Option<u32>, told: Vec<(&'static str, String)>) -> Output {
    let binary = env::current_exe().unwrap();
    let mut command = match open_files {
        Some(most) => {
            let mut shell = Command::new("sh");
            shell.arg("-c").arg(format!("ulimit -n {most} && exec \"$0\" \"$@\"")).arg(binary);
            shell
        }
        None => Command::new(binary),
    };
    command.args([test, "--exact", "--nocapture", "--test-threads=1"]).env(CHILD, "1").envs(told);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

/// Fails with all that the child said, unless it passed its one test.
pub fn passed(output: &Output) {
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}\n{complained}");
}
