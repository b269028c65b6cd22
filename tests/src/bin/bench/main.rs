//! Measures what the engine does on this machine, next to what the machine itself can do.
//!
//! A figure by itself says little, since disks differ a hundredfold, so every figure is also given as a ratio to
//! a limit that the same run measured on the same disk.

mod appends;
mod args;
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
    if let args::What::Slow = args.what {
        println!("{}", slow::run(&args)?);
        return Ok(());
    }
    if let args::What::Ours = args.what {
        return ours::serve(args.port);
    }
    let found = log::run(&args)?;
    match args.form {
        args::Form::Table => print!("{}", found.table()),
        args::Form::Json => println!("{}", found.json()),
    }
    Ok(())
}
