//! Measures what the engine does on this machine, next to what the machine itself can do.
//!
//! A figure by itself says little, since disks differ a hundredfold, so every figure is also given as a ratio to
//! a limit that the same run measured on the same disk.

mod appends;
mod args;
mod fanout;
mod limit;
mod log;
mod long;
mod ours;
mod peers;
mod replay;
mod slow;
mod spread;

use anyhow::Result;

fn main() -> Result<()> {
    let args = args::Args::parse(std::env::args().skip(1))?;
    let (table, json) = match args.what {
        args::What::Slow => return slow::run(&args).map(|found| println!("{found}")),
        args::What::Ours => return ours::serve(args.port),
        args::What::Log => {
            let found = log::run(&args)?;
            (found.table(), found.json())
        }
        args::What::Fanout => {
            let found = fanout::run(&args)?;
            (found.table(), found.json())
        }
    };
    match args.form {
        args::Form::Table => print!("{table}"),
        args::Form::Json => println!("{json}"),
    }
    Ok(())
}
