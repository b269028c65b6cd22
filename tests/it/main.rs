//! One test binary for everything that needs more than one crate.
#![cfg(test)]

mod tidy;
