//! The record from outside, through a real file.
#![cfg(test)]

mod append;
mod backups;
mod batches;
mod damage;
mod erased;
mod formats;
mod given;
mod guarded;
mod signed;
mod tiles;
