//! What can be asked for on the command line.

mod frame;
mod papers;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};
use domain::{Reason, Role, RoundNumber, Slug, TableNumber};
use event_log::Position;
use ingest::Receipt;

use crate::rehearse::unplug::Unplug;
pub(crate) use frame::{Frame, FrameExport, FrameFormat, FrameImport, ReferenceArgs};
pub(crate) use papers::{EvidenceArgs, EvidenceFormat, RecomputeArgs, SummaryArgs, SummaryFormat};

const ABOUT: &str = "Plenary holds citizens' assemblies: what people say at tables and on their phones becomes a \
                     record, live themes and the board's paper.";

const FIRST_STEPS: &str = "\
Three commands to try first:
  plenary demo                              hold a whole assembly day in two minutes, then look around in it
  plenary new config/agenda.example.toml    convene an assembly of your own; prints its name and its links
  plenary serve                             open its pages to the people who have those links

An assembly is one folder under the data folder (--data, ./data unless you say otherwise). Reading commands
(tallies, summary, check) also work while a server runs; writing ones say which process is in the way.";

/// The heading over the options that every command takes.
const EVERYWHERE: &str = "With every command";

#[derive(Debug, Parser)]
#[command(name = "plenary", version, about = ABOUT, after_help = FIRST_STEPS)]
#[command(arg_required_else_help = true, subcommand_required = true, disable_help_subcommand = true)]
pub(crate) struct Asked {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Args)]
pub(crate) struct Global {
    /// The folder that holds the assemblies
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "DIR", default_value = "./data")]
    pub(crate) data: PathBuf,
    /// The configuration [default: config/plenary.toml if it is there]
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Print one JSON document on standard output and nothing else there
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Hold an assembly day with twelve tables and sixty remote participants, then stay up to be looked at
    Demo(DemoArgs),
    /// Convene an assembly from an agenda; prints its name, and its links on standard error
    New(NewArgs),
    /// Serve every assembly in the data folder until Ctrl-C
    Serve,
    /// Bring in what was said elsewhere
    #[command(subcommand)]
    Import(Import),
    /// Print how often each theme was raised, room and remote side by side
    Tallies(TalliesArgs),
    /// Write the evidence summary for the board
    Summary(SummaryArgs),
    /// Write how a decision was taken: who was asked when, what was shown, how long people had, what was considered
    Evidence(EvidenceArgs),
    /// Count a figure of the summary again, from the record or from an archive, and say what it counts
    Recompute(RecomputeArgs),
    /// Hand the code frame over to other programs, or take in theirs or another assembly's
    #[command(subcommand)]
    Frame(Frame),
    /// Record who took part, by age, place or whatever people were chosen by, to compare it with a population
    Reference(ReferenceArgs),
    /// Rebuild the views of an assembly from its record and compare them with the stored ones
    Replay(OneAssembly),
    /// Hold what a record says once more as a drill, against a copy, and pull plugs while it runs
    Rehearse(RehearseArgs),
    /// Verify that an assembly's record is whole and says what was written
    Check(OneAssembly),
    /// Destroy the words of one contribution for good; the record keeps that it was said and that it was erased
    Erase(EraseArgs),
    /// Copy an assembly's record and its keys into a folder, also while a server runs
    Backup(BackupArgs),
    /// Put an assembly together again from a backup; what was erased stays erased
    Restore(RestoreArgs),
    /// Write one archive from which anyone can verify the record and count every figure again
    Export(ExportArgs),
    /// Write the receipt of one contribution as a file that is checked offline
    Receipt(ReceiptArgs),
    /// Check offline what was handed out
    #[command(subcommand)]
    Verify(Verify),
    /// Issue one more link
    Link(LinkArgs),
}

#[derive(Debug, Args)]
pub(crate) struct OneAssembly {
    /// The assembly's name, as `new` printed it
    pub(crate) slug: Slug,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// End when the day is over instead of staying up
    #[arg(long)]
    pub(crate) headless: bool,
    /// How many times faster than two minutes; 0 is as fast as it goes
    #[arg(long, value_name = "N", default_value = "1", value_parser = speed, allow_negative_numbers = true)]
    pub(crate) speed: f64,
    /// Another seed gives another order of speaking
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
}

#[derive(Debug, Args)]
pub(crate) struct RehearseArgs {
    /// The assembly's name; its record is read and never written
    pub(crate) slug: Slug,
    /// How many times faster than the record; 0 is as fast as it goes
    #[arg(long, value_name = "N", default_value = "1", value_parser = speed, allow_negative_numbers = true)]
    pub(crate) speed: f64,
    /// A table and from when until when it has no network, such as 12@10:00-20:00; may be given often
    #[arg(long, value_name = "TABLE@FROM-TO")]
    pub(crate) unplug: Vec<Unplug>,
    /// Where the copy is served [default: a free port of this machine]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    /// An empty folder for the copy, which then stays; without it, it goes away in the end
    #[arg(long, value_name = "DIR")]
    pub(crate) scratch: Option<PathBuf>,
    /// End when the drill is over instead of staying up
    #[arg(long)]
    pub(crate) headless: bool,
}

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The agenda, such as config/agenda.example.toml
    #[arg(value_name = "AGENDA.toml")]
    pub(crate) agenda: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// Bring in the rows of a CSV file; doing it again changes nothing
    Csv(ImportCsv),
}

#[derive(Debug, Args)]
pub(crate) struct ImportCsv {
    /// The assembly's name
    pub(crate) slug: Slug,
    /// The CSV file, in UTF-8 with a header row
    pub(crate) file: PathBuf,
    /// What its columns mean, such as config/import/nhs-fft.toml
    #[arg(long, value_name = "MAP.toml")]
    pub(crate) map: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct TalliesArgs {
    /// The assembly's name
    pub(crate) slug: Slug,
    /// Count one round only
    #[arg(long, value_name = "N")]
    pub(crate) round: Option<RoundNumber>,
    /// Count as of this position of the record, with the themes as they stood then
    #[arg(long, value_name = "N", value_parser = position)]
    pub(crate) at: Option<Position>,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The assembly's name
    pub(crate) slug: Slug,
    /// Where to write it, a tar file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// What verifies the checkpoints, where the key that signs is not in the data folder
    #[arg(long, value_name = "KEY|FILE")]
    pub(crate) vkey: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ReceiptArgs {
    /// The assembly's name
    pub(crate) slug: Slug,
    /// The code that the person was given
    pub(crate) code: Receipt,
    /// Where to write it
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verify {
    /// Check a receipt file against the checkpoint in it
    Receipt(VerifyReceipt),
}

#[derive(Debug, Args)]
pub(crate) struct VerifyReceipt {
    /// The receipt file
    pub(crate) file: PathBuf,
    /// The log's verifier key, or a file that holds it
    #[arg(long, value_name = "KEY|FILE")]
    pub(crate) vkey: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct EraseArgs {
    /// The assembly's name
    pub(crate) slug: Slug,
    /// The receipt of the contribution, such as 7H2K-99QX-4M3T-W0ZB
    #[arg(long, value_name = "CODE", required_unless_present = "position", conflicts_with = "position")]
    pub(crate) receipt: Option<Receipt>,
    /// Its position in the record
    #[arg(long, value_name = "N", value_parser = position)]
    pub(crate) position: Option<Position>,
    /// Not this contribution alone, but everything that the same voice has said, in every round
    #[arg(long)]
    pub(crate) voice: bool,
    /// Why; it stands in the record for everybody to read, so it must not repeat the words
    #[arg(long, value_name = "TEXT", value_parser = reason)]
    pub(crate) reason: Reason,
}

#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// The assembly's name
    pub(crate) slug: Slug,
    /// A folder that holds no backup yet; it is made where it is missing
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// The name that the assembly gets, which no other may have
    pub(crate) slug: Slug,
    /// The folder of a backup
    #[arg(long, value_name = "FOLDER")]
    pub(crate) from: PathBuf,
    /// Other keys than those that lie in that folder
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct LinkArgs {
    /// The assembly's name
    pub(crate) slug: Slug,
    /// organiser, facilitator, theme-team, moderator, participant, board-member, screen or observer
    pub(crate) role: Role,
    /// The table of a facilitator
    #[arg(long, value_name = "N")]
    pub(crate) table: Option<TableNumber>,
}

fn position(text: &str) -> Result<Position, String> {
    text.parse().ok().and_then(Position::new).ok_or_else(|| "it has to be a whole number from 1".to_owned())
}

fn reason(text: &str) -> Result<Reason, String> {
    Reason::parse(text).map_err(|why| why.to_string())
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(speed) if speed.is_finite() && speed >= 0.0 => Ok(speed),
        _ => Err("it has to be a number from 0".to_owned()),
    }
}

/// What was asked for, or nothing when it was help, which is printed here.
pub(crate) fn read() -> anyhow::Result<Option<Asked>> {
    match Asked::try_parse() {
        Ok(asked) => Ok(Some(asked)),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                error.print()?;
                Ok(None)
            }
            _ => Err(anyhow::anyhow!(first_paragraph(&error.to_string()))),
        },
    }
}

/// clap says what is wrong in its first paragraph; the usage that follows is in `--help`.
fn first_paragraph(message: &str) -> String {
    let lines = message.trim_start_matches("error: ").lines().map(str::trim);
    let wrong: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
    format!("{}; `plenary --help` shows what there is", wrong.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_put_together_without_contradiction() {
        Asked::command().debug_assert();
    }

    #[test]
    fn every_command_has_one_line_of_help() {
        for command in Asked::command().get_subcommands() {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!((10..=110).contains(&about.chars().count()), "{}: {about:?}", command.get_name());
        }
    }

    #[test]
    fn a_wrong_argument_is_one_sentence() {
        for (line, said) in [
            (&["plenary", "tally"][..], "unrecognized subcommand 'tally'"),
            (&["plenary", "check", "A B"], "`A B` is no assembly name"),
            (&["plenary", "link", "x", "king"], "`king` is no role"),
            (&["plenary", "demo", "--speed", "-1"], "--speed"),
            (&["plenary", "summary", "x", "--format", "docx"], "pdf"),
        ] {
            let error = Asked::try_parse_from(line).unwrap_err();
            let sentence = first_paragraph(&error.to_string());
            assert!(sentence.contains(said) && !sentence.contains('\n'), "{line:?}: {sentence}");
        }
    }

    #[test]
    fn options_that_hold_everywhere_may_stand_anywhere() {
        for line in [
            &["plenary", "--data", "d", "--json", "tallies", "x"][..],
            &["plenary", "tallies", "x", "--json", "--data", "d"],
        ] {
            let asked = Asked::try_parse_from(line).unwrap();
            assert!(asked.global.json && asked.global.data.as_os_str() == "d", "{line:?}");
        }
    }
}
