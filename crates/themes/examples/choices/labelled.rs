//! The public NHS comments with the themes that people gave them: one copy of each text, themes used often enough.

use std::collections::BTreeSet;
use std::path::Path;

pub(crate) struct Labelled {
    pub(crate) texts: Vec<String>,
    pub(crate) names: Vec<String>,
    /// The themes of each text.
    pub(crate) themes: Vec<Vec<usize>>,
    /// 1 very positive to 5 very negative.
    pub(crate) sentiment: Vec<u8>,
}

const NOT_THEMES: [&str; 3] = ["Labelling not possible", "Not assigned", "Safeguarding concerns?"];
/// The themes begin after what is known of each comment.
const FIRST_THEME: usize = 11;
const USED_MIN: usize = 20;

/// What makes two texts the same: letters and digits, small.
fn fold(text: &str) -> String {
    let kept = text.to_lowercase().replace(|character: char| !character.is_alphanumeric(), " ");
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Labelled {
    pub(crate) fn read(data: &Path) -> csv::Result<Self> {
        let mut reader = csv::Reader::from_path(data.join("themes/nhs-fft-v6/comments.csv"))?;
        let head = reader.headers()?.clone();
        let themes = FIRST_THEME..head.len();
        let themes: Vec<_> = themes.filter(|column| !NOT_THEMES.contains(&&head[*column])).collect();
        let (text, sentiment) = (column(&head, "FFT answer"), column(&head, "Comment sentiment"));
        let (mut rows, mut seen) = (Vec::new(), BTreeSet::new());
        for row in reader.records() {
            let row = row?;
            let given: Vec<_> = (0..themes.len()).filter(|theme| &row[themes[*theme]] == "1").collect();
            let folded = fold(&row[text]);
            if seen.insert(folded.clone()) && !folded.is_empty() && !given.is_empty() {
                rows.push((row[text].trim().to_owned(), given, row[sentiment].trim().parse().unwrap_or(3)));
            }
        }
        let uses = |theme: &usize| rows.iter().filter(|(_, given, _)| given.contains(theme)).count();
        let used: Vec<_> = (0..themes.len()).filter(|theme| uses(theme) >= USED_MIN).collect();
        let names = used.iter().map(|theme| head[themes[*theme]].to_owned()).collect();
        let mut labelled = Self { texts: vec![], names, themes: vec![], sentiment: vec![] };
        for (text, given, sentiment) in rows {
            let given: Vec<_> = (0..used.len()).filter(|theme| given.contains(&used[*theme])).collect();
            if !given.is_empty() {
                labelled.texts.push(text);
                labelled.themes.push(given);
                labelled.sentiment.push(sentiment);
            }
        }
        Ok(labelled)
    }

    /// The texts in a theme.
    pub(crate) fn of(&self, theme: usize) -> Vec<usize> {
        (0..self.texts.len()).filter(|text| self.themes[*text].contains(&theme)).collect()
    }
}

/// The older comments, each distinct text once.
pub(crate) fn texts(data: &Path) -> csv::Result<Vec<String>> {
    let mut reader = csv::Reader::from_path(data.join("themes/nhs-phase1/text_data.csv"))?;
    let feedback = column(&reader.headers()?.clone(), "feedback");
    let (mut texts, mut seen) = (Vec::new(), BTreeSet::new());
    for row in reader.records() {
        let row = row?;
        if seen.insert(fold(&row[feedback])) {
            texts.push(row[feedback].trim().to_owned());
        }
    }
    Ok(texts)
}

fn column(head: &csv::StringRecord, name: &str) -> usize {
    head.iter().position(|there| there == name).unwrap_or_else(|| panic!("the file has no column `{name}`"))
}
