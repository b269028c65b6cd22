//! The record from outside, through a real file.

mod append;
mod given;
