//! The program as a person types it: a process of its own, its exit code, its output and its notes.

mod alone;
mod bundle;
mod cache;
mod check;
mod collection;
mod config;
mod demo;
mod doctor;
mod exit_codes;
mod explain;
mod interchange;
mod keeping;
mod keyring;
mod many;
mod practices;
mod profiles;
pub mod program;
mod project;
mod recipes;
mod routes;
mod run;
mod secrets;
mod send;
mod shells;
mod snippet;
mod sources;
mod strict;
