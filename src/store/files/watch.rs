//! Word of every change below a folder.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;

#[cfg(target_os = "linux")]
pub use linux::watch;
#[cfg(not(target_os = "linux"))]
pub use other::watch;
