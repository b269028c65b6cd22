//! Plenary's one program: arguments, configuration, wiring and exit codes; the rules stand in the other crates.
//!
//! Read [`cli`] for what can be asked for, then the file of that name under `command/`. Every command either works
//! and says so through [`output::Output`], or returns an error that [`output::complain`] turns into one sentence.

mod agenda;
mod archive;
mod cli;
mod command;
mod data;
mod demo;
mod holidays;
mod import;
mod interchange;
mod output;
mod papers;
mod print;
mod rehearse;
mod server;
mod settings;
mod signing;
mod text_file;
mod toml_file;

use std::process::ExitCode;

fn main() -> ExitCode {
    let done = cli::read().and_then(|asked| asked.map_or(Ok(()), command::run));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => output::complain(&error),
    }
}
