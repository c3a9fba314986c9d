//! The program as a person types it: a process of its own, its exit code, its output and its notes.

mod alone;
mod cache;
mod collection;
mod config;
mod demo;
mod exit_codes;
mod interchange;
mod keeping;
mod keyring;
mod many;
mod profiles;
pub mod program;
mod project;
mod recipes;
mod routes;
mod secrets;
mod send;
mod snippet;
mod sources;
mod strict;
