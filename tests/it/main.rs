//! One test binary for everything that needs more than one crate.
#![cfg(test)]

mod agreement;
mod backup;
mod became;
mod browser;
mod cli;
mod console;
mod contract;
mod crash;
mod day;
mod desk;
mod drafts;
mod duties;
mod erase;
mod evidence;
mod faults;
mod feed;
mod frame;
mod fuzz;
mod harness;
mod ingest;
mod mail;
mod nhs;
mod paper;
mod publish;
mod recompute;
mod rehearse;
mod remote;
mod represented;
mod semantic;
mod themes;
mod tidy;
mod understood;
mod verify;
