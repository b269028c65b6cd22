//! What is typed while a drill runs: `unplug 12`, `plug 12`, `speed 4`.

use std::io::BufRead;
use std::str::FromStr;

use domain::TableNumber;
use tokio::sync::mpsc;

use crate::output::note;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ByHand {
    Unplug(TableNumber),
    Plug(TableNumber),
    /// 0 is as fast as it goes.
    Speed(f64),
}

impl FromStr for ByHand {
    type Err = &'static str;

    fn from_str(line: &str) -> Result<Self, Self::Err> {
        let known = "type `unplug 12`, `plug 12` or `speed 4`";
        let words: Vec<_> = line.split_whitespace().collect();
        let [what, number] = words[..] else { return Err(known) };
        let table = || number.parse().map_err(|_| "tables are numbered from 1");
        match what {
            "unplug" => table().map(ByHand::Unplug),
            "plug" => table().map(ByHand::Plug),
            "speed" => match number.parse() {
                Ok(speed) if f64::is_finite(speed) && speed >= 0.0 => Ok(ByHand::Speed(speed)),
                _ => Err("a speed is a number from 0"),
            },
            _ => Err(known),
        }
    }
}

/// Reads standard input on a thread of its own, which ends with it or with the program.
pub(crate) fn listen() -> mpsc::Receiver<ByHand> {
    let (typed, hands) = mpsc::channel(16);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            match line.parse() {
                Ok(hand) if typed.blocking_send(hand).is_err() => return,
                Err(why) if !line.trim().is_empty() => note(why),
                _ => {}
            }
        }
    });
    hands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_thing_to_do_or_says_what_there_is() {
        let table = TableNumber::new(12).unwrap();
        for (line, hand) in [
            ("unplug 12", Ok(ByHand::Unplug(table))),
            (" plug  12 ", Ok(ByHand::Plug(table))),
            ("speed 2.5", Ok(ByHand::Speed(2.5))),
            ("speed -1", Err("a speed is a number from 0")),
            ("unplug 0", Err("tables are numbered from 1")),
            ("pull 12", Err("type `unplug 12`, `plug 12` or `speed 4`")),
            ("unplug", Err("type `unplug 12`, `plug 12` or `speed 4`")),
        ] {
            assert_eq!(line.parse::<ByHand>(), hand, "{line}");
        }
    }
}
