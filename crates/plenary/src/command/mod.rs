//! One file per command. Each works or returns an error; none prints one.

mod backup;
mod check;
mod demo;
mod erase;
mod evidence;
mod export;
mod frame;
mod import;
mod link;
mod new;
mod receipt;
mod recompute;
mod reference;
mod rehearse;
mod replay;
mod restore;
mod serve;
pub(crate) mod summary;
mod tallies;
mod verify;

use std::future::Future;

use anyhow::Context;

use crate::cli::{Asked, Command, Frame, Import, Verify};

pub(crate) fn run(asked: Asked) -> anyhow::Result<()> {
    let global = &asked.global;
    match asked.command {
        Command::Demo(args) => demo::run(global, &args),
        Command::New(args) => new::run(global, &args),
        Command::Rehearse(args) => rehearse::run(global, &args),
        Command::Serve => serve::run(global),
        Command::Import(Import::Csv(args)) => import::run(global, &args),
        Command::Tallies(args) => tallies::run(global, &args),
        Command::Summary(args) => summary::run(global, &args),
        Command::Evidence(args) => evidence::run(global, &args),
        Command::Recompute(args) => recompute::run(global, &args),
        Command::Reference(args) => reference::run(global, &args),
        Command::Frame(Frame::Export(args)) => frame::export(global, &args),
        Command::Frame(Frame::Import(args)) => frame::import(global, &args),
        Command::Replay(args) => replay::run(global, &args.slug),
        Command::Erase(args) => erase::run(global, &args),
        Command::Backup(args) => backup::run(global, &args),
        Command::Restore(args) => restore::run(global, &args),
        Command::Check(args) => check::run(global, &args.slug),
        Command::Export(args) => export::run(global, &args),
        Command::Receipt(args) => receipt::run(global, &args),
        Command::Verify(Verify::Receipt(args)) => verify::run(global, &args),
        Command::Link(args) => link::run(global, &args),
    }
}

/// Runs the asynchronous part of a command to its end.
fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("start the runtime")?;
    runtime.block_on(work)
}
