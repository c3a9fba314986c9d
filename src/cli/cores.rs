//! No core dump: it would be a file with every secret of this process in it.

/// Switches core dumps off, and the looking into this process by others of the same user where the system can. What
/// cannot be switched off is no reason not to work.
#[cfg(unix)]
pub(super) fn off() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, none);
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

/// There are none by default.
#[cfg(not(unix))]
pub(super) fn off() {}
