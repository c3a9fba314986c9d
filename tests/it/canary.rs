//! Sentinels as client secret and as token, through everything that there is: no place shows one or keeps one.
//!
//! The server gives them back in all that it says. Each run first proves, on the server's side, that they were sent.

mod commands;
mod echo;
mod masks;
mod screen;
mod sentinel;
