//! The rules from outside: what was there, who asks for what, and what comes of it.
#![cfg(test)]

mod accepted;
mod composition;
mod drafts;
mod duties;
mod given;
mod golden;
mod laws;
mod on_the_day;
mod recount;
mod refused;
mod refused_coding;
mod refused_on_the_day;
mod repeats;
mod roles;
