//! What to measure.

use std::error::Error;
use std::path::PathBuf;

pub(crate) const USAGE: &str = r#"usage: scripts/bench themes [--semantic FOLDER] [--order arrival] [--contributions N]
       scripts/bench themes --train FILE --test FILE [--map FILE] [--semantic FOLDER] [--order arrival]

Without files: the public data in the folder PLENARY_DATA (default ../shared/data), as a table beside the baselines of
the reading and as one line of JSON a row; then how fast, and whether all replays come to the same state.

  --train FILE, --test FILE   CSV files of one shape: learnt from and asked about; one line of JSON a row
  --map FILE                  which columns hold what, as JSON; all of it may be left out:
      {"text": "FFT answer",                 the words; without it the column with the most words
       "themes": ["Parking", "Discharge"],   columns with 1 where the text is in the theme; without it all columns
                                             after the words that hold nothing but 1, 0 and nothing
       "not_themes": ["Not assigned"],       but for these
       "theme": "label",                     instead: one column with the name of the theme
       "date": "Date"}                       when it was said (DD/MM/YYYY, or what sorts as it is), for --order arrival;
                                             without it, a column called date, or the order of the rows
  --order arrival             in the order in which they came, training and test together: three themes are suggested,
                              then the tags arrive
  --semantic FOLDER           the same rows again with the sentence model in this folder (config.json, vocab.txt,
                              model.safetensors; scripts/test --install-only puts one into .tools/)
  --contributions N           how many are replayed through the learner (default 1000000)

Rows with words and at least one theme, one copy per distinct text; themes of at least 20 texts in both files together.
K tagged examples a theme are drawn as numpy's default_rng(seed).choice draws, for seeds 0, 1 and 2; means are printed."#;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Any,
    Arrival,
}

#[derive(Clone, Debug)]
pub(crate) struct Args {
    /// To train on, and to test on.
    pub(crate) files: Option<(PathBuf, PathBuf)>,
    pub(crate) map: Option<PathBuf>,
    /// Folder of a sentence model.
    pub(crate) model: Option<PathBuf>,
    pub(crate) order: Order,
    pub(crate) contributions: usize,
}

impl Args {
    /// `None` when somebody wants to be told how.
    pub(crate) fn read(mut given: impl Iterator<Item = String>) -> Result<Option<Self>, Box<dyn Error>> {
        let (mut training, mut test) = (None, None);
        let mut args =
            Self { files: None, map: None, model: None, order: Order::Any, contributions: 1_000_000 };
        while let Some(name) = given.next() {
            if name == "--help" || name == "-h" {
                return Ok(None);
            }
            let value = given.next().ok_or_else(|| format!("`{name}` lacks its value\n{USAGE}"))?;
            match (name.as_str(), value.as_str()) {
                ("--train", file) => training = Some(PathBuf::from(file)),
                ("--test", file) => test = Some(PathBuf::from(file)),
                ("--map", file) => args.map = Some(PathBuf::from(file)),
                ("--semantic", folder) => args.model = Some(PathBuf::from(folder)),
                ("--order", "arrival") => args.order = Order::Arrival,
                ("--contributions", number) => args.contributions = number.parse()?,
                _ => return Err(format!("`{name} {value}` is not known\n{USAGE}").into()),
            }
        }
        args.files = match (training, test) {
            (Some(training), Some(test)) => Some((training, test)),
            (None, None) => None,
            _ => return Err("--train and --test need each other".into()),
        };
        Ok(Some(args))
    }
}
