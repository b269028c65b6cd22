//! The record from outside, through a real file.
#![cfg(test)]

mod append;
mod batches;
mod damage;
mod given;
mod guarded;
