#![cfg(unix)]

use std::{
    fs::{self, Permissions},
    future::pending,
    io::{BufRead as _, BufReader, Read as _},
    os::unix::fs::{PermissionsExt as _, chown, symlink},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use tempfile::TempDir;
use url::Url;

use super::*;

/// A profile of one credential with that source.
fn profile(secret: SecretSource) -> Profile {
    let base = Url::parse("https://api.example").unwrap();
    Profile { credentials: vec![Credential::new("me", secret)], ..Profile::new("mine", base.clone(), base) }
}

async fn read(secrets: &Secrets, source: &SecretSource) -> Result<String, (String, String)> {
    let profile = profile(source.clone());
    match secrets.read(&profile, &profile.credentials[0], pending()).await {
        Ok(secret) => Ok(secret.expose().to_owned()),
        Err(Refusal::SecretUnavailable { why, mend, .. }) => Err((why, mend)),
        Err(other) => panic!("{other:?}"),
    }
}

fn at_hand(secrets: &Secrets, source: &SecretSource) -> Result<Option<Arc<Secret>>, Refusal> {
    let profile = profile(source.clone());
    secrets.at_hand(&profile, &profile.credentials[0])
}

fn command(words: &[&str]) -> SecretSource {
    SecretSource::Command(words.iter().map(|word| (*word).to_owned()).collect())
}

/// A file of that mode.
fn file(folder: &TempDir, name: &str, bytes: &[u8], mode: u32) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    path
}

fn pipe(folder: &TempDir, name: &str) -> PathBuf {
    let path = folder.path().join(name);
    assert!(std::process::Command::new("mkfifo").args(["-m", "600"]).arg(&path).status().unwrap().success());
    path
}

#[tokio::test]
async fn a_file_of_ones_own_gives_its_line() {
    let folder = tempfile::tempdir().unwrap();
    for (bytes, mode) in [(&b"s3cret"[..], 0o600), (b"s3cret\n", 0o400), (b"s3cret\r\n", 0o600)] {
        let path = file(&folder, &format!("{mode:o}{}", bytes.len()), bytes, mode);
        assert_eq!(read(&Secrets::default(), &SecretSource::File(path)).await.unwrap(), "s3cret");
    }
}

#[tokio::test]
async fn a_file_that_others_can_have_read_or_turned_is_refused_with_the_line_that_mends_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    for (name, mode) in [("group", 0o640), ("world", 0o604), ("written", 0o620)] {
        let file = file(&folder, name, b"s3cret", mode);
        let (why, mend) = read(&Secrets::default(), &SecretSource::File(file)).await.unwrap_err();
        assert_eq!(why, format!("others can read or write it (mode {mode:04o})"));
        assert_eq!(mend, format!("type: chmod 600 {}", path(name)));
    }
    let odd = file(&folder, "it's odd", b"s3cret", 0o644);
    let (_, mend) = read(&Secrets::default(), &SecretSource::File(odd)).await.unwrap_err();
    assert_eq!(mend, format!(r"type: chmod 600 '{}/it'\''s odd'", folder.path().display()));

    let own = file(&folder, "own", b"s3cret", 0o600);
    symlink(&own, folder.path().join("link")).unwrap();
    let (why, mend) = read(&Secrets::default(), &SecretSource::File(path("link").into())).await.unwrap_err();
    assert!(why.contains("symbolic link") && mend.contains(&path("own")), "{why}; {mend}");

    // Only root can give a file away; everybody else meets one of root's.
    let foreign = match chown(&own, Some(1), None) {
        Ok(()) => own,
        Err(_) => "/etc/passwd".into(),
    };
    let (why, mend) = read(&Secrets::default(), &SecretSource::File(foreign.clone())).await.unwrap_err();
    assert!(why.contains("belongs to the user"), "{why}");
    assert!(mend.contains(&format!("chmod 600 {}", foreign.display())), "{mend}");
}

#[tokio::test]
async fn what_is_no_secret_file_is_refused_and_a_pipe_keeps_nobody_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        (pipe(&folder, "pipe"), "no regular file"),
        (folder.path().to_owned(), "no regular file"),
        ("/dev/zero".into(), "no regular file"),
        (folder.path().join("none"), "No such file"),
        (file(&folder, "empty", b"\n", 0o600), "empty"),
        (file(&folder, "lines", b"user\npassword\n", 0o600), "more than one line"),
        (file(&folder, "bytes", b"\xff\xfe", 0o600), "no UTF-8"),
        (file(&folder, "large", &vec![b'x'; LONGEST + 1], 0o600), "larger than 64 KiB"),
    ];
    for (path, said) in cases {
        let (why, _) = read(&Secrets::default(), &SecretSource::File(path)).await.unwrap_err();
        assert!(why.contains(said), "{why}");
    }
}

#[tokio::test]
async fn a_command_is_started_without_a_shell_and_its_line_is_the_secret() {
    let secrets = Secrets::default();
    assert_eq!(read(&secrets, &command(&["printf", "%s\n", "a; $HOME 'b'"])).await.unwrap(), "a; $HOME 'b'");
    let cases = [
        (&["sh", "-c", "echo it is locked >&2; exit 3"][..], "exit status: 3", "it said: it is locked"),
        (&["false"], "exit status: 1", "by hand"),
        (&["/nonexistent/pass", "show", "x"], "cannot be started", "installed"),
        (&["true"], "empty", "one line"),
        (&["printf", "a\nb\n"], "more than one line", "one line"),
        (&["yes"], "more than 64 KiB", "one line"),
    ];
    for (words, why, mend) in cases {
        let told = read(&secrets, &command(words)).await.unwrap_err();
        assert!(told.0.contains(why) && told.1.contains(mend), "{told:?}");
    }
}

#[tokio::test]
async fn a_command_sees_none_of_our_secrets() {
    // Every test has it, and the command needs it not.
    let profiles = [Arc::new(profile(SecretSource::Environment("CARGO_PKG_NAME".to_owned())))];
    let shown = command(&["sh", "-c", "echo \"[$CARGO_PKG_NAME] [$CARGO_PKG_VERSION]\""]);
    let all = format!("[{}] [{}]", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    assert_eq!(read(&Secrets::default(), &shown).await.unwrap(), all);
    let secrets = Secrets::new(&profiles, Person::Absent, Redactor::default());
    assert_eq!(read(&secrets, &shown).await.unwrap(), format!("[] [{}]", env!("CARGO_PKG_VERSION")));
}

#[tokio::test]
async fn many_calls_run_a_command_once_and_its_secret_is_kept_and_masked() {
    let folder = tempfile::tempdir().unwrap();
    let runs = folder.path().join("runs");
    let source = command(&["sh", "-c", "echo run >> \"$0\"; echo s3cret-s3cret", runs.to_str().unwrap()]);
    let masks = Redactor::default();
    let secrets = Secrets::new(&[], Person::Absent, masks.clone());
    assert!(matches!(at_hand(&secrets, &source), Ok(None)));
    let reads = futures_util::future::join_all((0..200).map(|_| read(&secrets, &source))).await;
    assert!(reads.iter().all(|read| read.as_deref() == Ok("s3cret-s3cret")));
    read(&secrets, &source).await.unwrap();
    assert!(at_hand(&secrets, &source).unwrap().is_some());
    assert_eq!(fs::read_to_string(&runs).unwrap(), "run\n");
    assert_eq!(masks.masked("s3cret-s3cret"), "•••••••• secret");

    let profile = profile(source.clone());
    secrets.forget(&profile, &profile.credentials[0]);
    read(&secrets, &source).await.unwrap();
    assert_eq!(fs::read_to_string(&runs).unwrap(), "run\nrun\n");
}

#[tokio::test]
async fn a_failure_is_shared_and_told_until_another_reading_succeeds() {
    let folder = tempfile::tempdir().unwrap();
    let runs = folder.path().join("runs");
    let script = "echo run >> \"$0\"; test -e \"$0.open\" && echo s3cret";
    let source = command(&["sh", "-c", script, runs.to_str().unwrap()]);
    let secrets = Secrets::default();
    let reads = futures_util::future::join_all((0..200).map(|_| read(&secrets, &source))).await;
    assert!(reads.iter().all(Result::is_err));
    assert_eq!(fs::read_to_string(&runs).unwrap(), "run\n");
    assert!(matches!(at_hand(&secrets, &source), Err(Refusal::SecretUnavailable { .. })));
    fs::write(folder.path().join("runs.open"), "").unwrap();
    assert_eq!(read(&secrets, &source).await.unwrap(), "s3cret");
    assert!(at_hand(&secrets, &source).unwrap().is_some());
}

/// Starts a command that goes on for ever, with a child that does too, and ends the reading by `ending` once both run:
/// gives what the reading gave when nothing of the command is left.
async fn stopped(own_group: bool, script: &'static str, by_time: bool) -> Option<Result<Secret, Flaw>> {
    let folder = tempfile::tempdir().unwrap();
    let path = pipe(&folder, "alive");
    let words = ["sh", "-c", script, path.to_str().unwrap()].map(str::to_owned);
    let (over, time_is_over) = tokio::sync::oneshot::channel::<()>();
    let reading =
        tokio::spawn(async move { command::output(&words, &[], own_group, async { drop(time_is_over.await) }).await });
    let (up, gone) = (open(&path), |mut alive: BufReader<fs::File>| {
        // The end of the pipe comes when nobody is left who could write.
        tokio::task::spawn_blocking(move || alive.read_to_end(&mut Vec::new()).unwrap())
    });
    let alive = up.await;
    if by_time {
        over.send(()).unwrap();
    } else {
        reading.abort();
    }
    let read = reading.await.ok();
    gone(alive).await.unwrap();
    read
}

async fn open(path: &Path) -> BufReader<fs::File> {
    let path = path.to_owned();
    let up = move || {
        let mut alive = BufReader::new(fs::File::open(path).unwrap());
        assert_eq!(alive.by_ref().lines().next().unwrap().unwrap(), "up");
        alive
    };
    tokio::task::spawn_blocking(up).await.unwrap()
}

#[tokio::test]
async fn a_command_that_takes_too_long_or_is_not_waited_for_is_killed() {
    const ALONE: &str = "exec 3>\"$0\"; echo up >&3; exec sleep 1000";
    const WITH_CHILD: &str = "exec 3>\"$0\"; sleep 1000 & echo up >&3; wait";
    for (own_group, script) in [(false, ALONE), (true, WITH_CHILD)] {
        let flaw = stopped(own_group, script, true).await.unwrap().unwrap_err();
        assert!(flaw.why.contains("too long"), "{flaw:?}");
        assert!(stopped(own_group, script, false).await.is_none());
    }
}

#[tokio::test]
async fn a_person_is_asked_once_and_where_nobody_can_be_asked_that_is_said() {
    let questions = Arc::new(Mutex::new(Vec::new()));
    let asked = questions.clone();
    let ask: Ask = Arc::new(move |question| {
        asked.lock().unwrap().push(question);
        async { Ok(Secret::new("typed")) }.boxed()
    });
    let secrets = Secrets::new(&[], Person::AtTerminal(ask), Redactor::default());
    for _ in 0..2 {
        assert_eq!(read(&secrets, &SecretSource::Prompt).await.unwrap(), "typed");
    }
    assert_eq!(*questions.lock().unwrap(), ["Client secret of mine, default: "]);
    let (why, mend) = read(&Secrets::default(), &SecretSource::Prompt).await.unwrap_err();
    assert!(why.contains("nobody to ask") && mend.contains("file"), "{why}; {mend}");
}

#[test]
fn a_name_that_others_turn_meanwhile_is_neither_written_nor_read_through_and_the_file_is_always_ours_alone() {
    let folder = tempfile::tempdir().unwrap();
    let bait = file(&folder, "bait", b"bait", 0o600);
    let path = folder.path().join("secret");
    let keeper = keeper::Keeper::File(path.clone());
    let (over, now) = (AtomicBool::new(false), jiff::Timestamp::UNIX_EPOCH);
    // Refusals that met a link, and secrets that were put there.
    let (mut met, mut put) = (0, 0);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                let _ = symlink(&bait, &path);
                thread::yield_now();
                let _ = fs::remove_file(&path);
            }
        });
        let sampled = scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                for entry in fs::read_dir(folder.path()).unwrap() {
                    let Ok(found) = entry.and_then(|entry| entry.path().symlink_metadata()) else { continue };
                    assert!(found.is_symlink() || found.permissions().mode() & 0o777 == 0o600, "{found:?}");
                }
            }
        });
        for _ in 0..5000 {
            match keeper.put(&Secret::new("s3cret"), now) {
                Ok(()) => put += 1,
                Err(flaw) => met += usize::from(flaw.why.contains("already")),
            }
            if let Ok(Some(read)) = keeper.get() {
                assert_eq!(read.expose(), "s3cret");
            }
            keeper.replace(&Secret::new("s3cret"), now).unwrap();
            if met > 50 && put > 50 {
                break;
            }
        }
        over.store(true, Ordering::Relaxed);
        sampled.join().unwrap();
    });
    assert_eq!(fs::read(&bait).unwrap(), b"bait");
    assert!(met > 0 && put > 0, "{met} refused, {put} put");
}
