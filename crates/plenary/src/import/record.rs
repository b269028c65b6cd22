//! From rows to events: each thing that a row says becomes one submission with an id of its own.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, anyhow};
use domain::{Actor, Channel, Command, Contribute, ContributionId, Form, Slug, ThemeId, ThemeName};
use futures_util::{StreamExt, stream};
use ingest::{Refusal, Sequencer, Submission, VoiceKey};
use projections::{ThemeState, Views};

use super::ids::{Ids, Purpose};
use super::rows::{Coding, Marked, Row, Sheet, ThemeKey, key};
use super::{Refused, Report, Target, voices};

/// Submissions that are under way at once, so that many share one write to the disk. They are handed to the sequencer
/// in the order of the rows, and a contribution before what is said about it.
const IN_FLIGHT: usize = 1_024;

/// Everything that has to be known before the first event is written.
pub(super) struct Plan {
    slug: Slug,
    ids: Ids,
    themes: BTreeMap<ThemeKey, ThemeId>,
    /// Themes that have to be named first.
    unnamed: Vec<(ThemeId, ThemeName)>,
    voices: HashMap<String, VoiceKey>,
    /// Contributions that an earlier run has recorded, by row.
    there: Vec<bool>,
}

/// What a submission does for its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Contribute,
    Assign,
    SetAside,
}

impl Plan {
    pub(super) fn new(target: &Target<'_>, views: &Views, sheet: &Sheet, ids: Ids) -> anyhow::Result<Self> {
        let mut themes = BTreeMap::new();
        let mut unnamed = Vec::new();
        for (key, name) in &sheet.themes {
            let id = known_theme(views, key).unwrap_or_else(|| ThemeId(ids.of_theme(key)));
            if !views.frame.themes.contains_key(&id) {
                unnamed.push((id, name.clone()));
            }
            themes.insert(key.clone(), id);
        }
        let recorded = |row: &Row| views.entry(contribution(&ids, row)).is_some();
        let there = sheet.rows.iter().map(recorded).collect();
        let mut sources: Vec<_> = sheet.rows.iter().filter_map(|row| row.voice.as_deref()).collect();
        sources.sort_unstable();
        sources.dedup();
        let keys = voices(target, &sources)?;
        let voices = sources.into_iter().map(str::to_owned).zip(keys).collect();
        Ok(Self { slug: target.slug.clone(), ids, themes, unnamed, voices, there })
    }

    /// Names the themes, then records row after row. A row that the rules refuse does not stop the others; a record
    /// that cannot be written does.
    pub(super) async fn record(&self, sequencer: &Sequencer, sheet: &Sheet) -> anyhow::Result<Report> {
        self.name_themes(sequencer).await?;
        let mut tally = Tally::new(sheet, self.themes.len());
        let steps =
            sheet.rows.iter().zip(&self.there).flat_map(|(row, there)| self.steps(sheet, row, *there));
        let answers = steps.map(|(step, row, there, submission)| async move {
            (step, row, there, sequencer.submit(submission).await)
        });
        let mut answers = stream::iter(answers).buffered(IN_FLIGHT);
        while let Some((step, row, there, answer)) = answers.next().await {
            match answer {
                Ok(_) => tally.done(step, row, there),
                Err(refusal) => tally.refused(step, row, rule(refusal, &self.slug)?),
            }
        }
        Ok(tally.report)
    }

    async fn name_themes(&self, sequencer: &Sequencer) -> anyhow::Result<()> {
        for (theme, name) in &self.unnamed {
            let command = Command::NameTheme { theme: *theme, name: name.clone(), definition: None };
            let named = sequencer.submit(by_console(theme.0, command, Channel::Import)).await;
            named.with_context(|| format!("name the theme `{name}`"))?;
        }
        Ok(())
    }

    fn steps<'a>(
        &'a self,
        sheet: &'a Sheet,
        row: &'a Row,
        there: bool,
    ) -> impl Iterator<Item = (Step, &'a Row, bool, Submission)> {
        let contribute = (Step::Contribute, row, there, self.contribute(sheet, row));
        std::iter::once(contribute)
            .chain(self.coding(row).map(move |(step, submission)| (step, row, there, submission)))
    }

    fn contribute(&self, sheet: &Sheet, row: &Row) -> Submission {
        let contribution = contribution(&self.ids, row);
        let said = Contribute {
            contribution,
            round: Some(sheet.map.round),
            table: row.table,
            kind: sheet.map.kind,
            form: Form::Verbatim,
            read_back: false,
            heard_from: None,
            said_at: row.said_at,
            card: None,
            words: row.words.clone(),
        };
        let voice = row.voice.as_ref().and_then(|source| self.voices.get(source)).copied();
        let command = Command::Contribute(Box::new(said));
        Submission { voice, ..by_console(contribution.0, command, row.channel) }
    }

    fn coding<'a>(&'a self, row: &'a Row) -> Box<dyn Iterator<Item = (Step, Submission)> + 'a> {
        let contribution = contribution(&self.ids, row);
        let id = |purpose| self.ids.of_row(&row.id, purpose);
        match &row.coding {
            Coding::None => Box::new(std::iter::empty()),
            Coding::SetAside(reason) => {
                let command = Command::SetAside { contribution, reason: reason.clone() };
                let submission = by_console(id(Purpose::SetAside), command, row.channel);
                Box::new(std::iter::once((Step::SetAside, submission)))
            }
            Coding::Themes { keys, .. } => Box::new(keys.iter().filter_map(move |key| {
                let command = Command::Assign { contribution, theme: *self.themes.get(key)? };
                Some((Step::Assign, by_console(id(Purpose::Assignment(key)), command, row.channel)))
            })),
        }
    }
}

/// A theme of that name that people use now.
fn known_theme(views: &Views, wanted: &str) -> Option<ThemeId> {
    let mut themes = views.frame.themes.iter().filter(|(_, theme)| theme.state == ThemeState::Live);
    themes.find(|(_, theme)| key(&theme.name) == wanted).map(|(id, _)| *id)
}

fn contribution(ids: &Ids, row: &Row) -> ContributionId {
    ContributionId(ids.of_row(&row.id, Purpose::Contribution))
}

fn by_console(id: uuid::Uuid, command: Command, channel: Channel) -> Submission {
    Submission { id, command, actor: Actor::CONSOLE, channel, voice: None }
}

/// The sentence of a refusal that is about this row alone; any other refusal would meet every row after it too.
fn rule(refusal: Refusal, slug: &Slug) -> anyhow::Result<String> {
    match refusal {
        Refusal::Rejected(rejection) => Ok(rejection.to_string()),
        Refusal::BadText(why) => Ok(why.to_string()),
        refusal => Err(anyhow!(refusal).context(format!(
            "the import into `{slug}` stopped half-way; what was recorded stays, and the same command goes on from there"
        ))),
    }
}

/// The report while it grows.
struct Tally {
    report: Report,
}

impl Tally {
    fn new(sheet: &Sheet, themes: usize) -> Self {
        let report = Report {
            rows: sheet.count,
            themes: themes as u64,
            refused: sheet.refused.clone(),
            ..Report::default()
        };
        Self { report }
    }

    fn done(&mut self, step: Step, row: &Row, there: bool) {
        let report = &mut self.report;
        match step {
            Step::Contribute => {
                *(if there { &mut report.already_there } else { &mut report.recorded }) += 1;
                report.blank_answers += u64::from(row.words.is_none());
                let kept = matches!(row.coding, Coding::Themes { marked: Marked::Yes, .. });
                report.themed_despite_mark += u64::from(kept);
            }
            Step::Assign => report.assignments += 1,
            Step::SetAside => report.set_aside += 1,
        }
    }

    /// Where a row was refused as a whole, that its coding was refused with it says nothing new.
    fn refused(&mut self, step: Step, row: &Row, reason: String) {
        let Report { refused, not_coded, .. } = &mut self.report;
        let row = row.number;
        match step {
            Step::Contribute => refused.push(Refused { row, reason }),
            _ if refused.last().is_some_and(|last| last.row == row) => {}
            _ => not_coded.push(Refused { row, reason }),
        }
    }
}
