//! What a hostile server is answered by: what the screen says of it, and what the command line does.

#[cfg(unix)]
mod printed;
pub mod shown;
