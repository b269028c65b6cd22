//! The evidence summary as a document: on the web, where a figure leads to the page that lists its contributions, and
//! as one file that stands alone, where it leads to the list at the file's end.

use std::cell::RefCell;
use std::collections::BTreeMap;

use askama::Template;
use projections::summary::{Evidence, Finding, Quote, Shown};
use projections::views::Change;
use projections::{EvidenceSummary, Figure, Query, Unit, Views, jumps};

use crate::Error;
use crate::assets::style_sheet;
use crate::guard::Visit;
use crate::pages::Shell;
use crate::pages::desk::told;
use crate::pages::hearing::percent;
use crate::pages::jump;
use crate::say::{Catalogue, Message, say};
use crate::when::Clock;

/// Findings that are told in full; the table below them has every theme.
const TOLD: usize = 5;

#[derive(Template)]
#[template(path = "paper.html")]
struct Paper<'a> {
    t: Catalogue,
    s: &'a EvidenceSummary,
    views: &'a Views,
    clock: Clock,
    /// The page that it stands on; `None` for a file that stands alone.
    shell: Option<Shell>,
    style: String,
    /// Every query that a figure of this paper leads to.
    led: RefCell<BTreeMap<String, Query>>,
}

/// One self-contained file.
pub fn html(views: &Views, summary: &EvidenceSummary) -> Result<String, Error> {
    Ok(Paper::new(views, summary, None, style_sheet()).render()?)
}

pub(crate) fn page(visit: &Visit, views: &Views, summary: &EvidenceSummary) -> Result<String, Error> {
    let shell = Shell::new(visit, views, "summary", say("summary-title"));
    Ok(Paper::new(views, summary, Some(shell), String::new()).render()?)
}

/// What a figure counted, for the lists at the end of a file.
struct Listing {
    anchor: String,
    about: String,
    positions: Vec<u64>,
    /// Why the count of a whole theme jumped.
    jumps: Vec<String>,
}

impl<'a> Paper<'a> {
    fn new(views: &'a Views, s: &'a EvidenceSummary, shell: Option<Shell>, style: String) -> Self {
        let clock = Clock::of(&s.time_zone);
        Self { t: Catalogue, s, views, clock, shell, style, led: RefCell::default() }
    }

    /// A figure as people read it, leading to what it counted.
    fn fig(&self, figure: &Figure) -> String {
        self.linked(figure, &words_of(figure).to_string())
    }

    /// The number alone, leading to what it counted.
    fn num(&self, figure: &Figure) -> String {
        self.linked(figure, &figure.value.to_string())
    }

    /// `41 of 250`, leading to what it counted.
    fn part(&self, figure: &Figure) -> String {
        let text = match figure.of {
            Some(of) => say("n-of").num("n", figure.value).num("of", of).to_string(),
            None => figure.value.to_string(),
        };
        self.linked(figure, &text)
    }

    fn linked(&self, figure: &Figure, text: &str) -> String {
        if figure.value == 0 {
            return format!("<span class=\"figure\">{text}</span>");
        }
        let query = figure.query.to_string();
        let href = match self.shell {
            Some(_) => format!("contributions?{}", query.replace('&', "&amp;")),
            None => {
                let anchor = anchor(&query);
                self.led.borrow_mut().insert(anchor.clone(), figure.query);
                format!("#{anchor}")
            }
        };
        format!("<a class=\"figure\" href=\"{href}\">{text}</a>")
    }

    fn told(&self) -> impl Iterator<Item = &Finding> {
        self.s.findings.iter().take(TOLD)
    }

    fn percent(&self, figure: &Figure) -> u64 {
        percent(figure.value, figure.of.unwrap_or(0))
    }

    fn room(&self) -> bool {
        self.s.took_part.tables.of.unwrap_or(0) > 0
    }

    fn remote(&self) -> bool {
        self.s.took_part.remote_voices.value > 0
    }

    fn other(&self) -> bool {
        self.s.took_part.other_contributions.value > 0
    }

    fn as_of(&self) -> String {
        self.s.as_of.map(|at| self.clock.full(at)).unwrap_or_default()
    }

    fn when(&self, evidence: &Evidence) -> String {
        self.clock.full(evidence.when)
    }

    fn source(&self, quote: &Quote) -> String {
        let who = who(quote.table.map(|table| table.get()), quote.side);
        let kind = say(format!("kind-{}", quote.kind.as_str()));
        [Some(who), Some(kind), quote.read_back.then(|| say("read-back-short"))]
            .into_iter()
            .flatten()
            .map(|part| part.to_string())
            .collect::<Vec<_>>()
            .join(" · ")
    }

    fn who(&self, evidence: &Evidence) -> Message {
        who(evidence.table.map(|table| table.get()), evidence.side)
    }

    fn is_paraphrase(&self, quote: &Quote) -> bool {
        quote.form == domain::Form::Paraphrase
    }

    /// Where a quote's contribution stands: in the list, or at the file's end.
    fn place(&self, position: &u64) -> String {
        match self.shell {
            Some(_) => format!("contributions?position={position}"),
            None => format!("#p{position}"),
        }
    }

    fn changed(&self, change: &Change) -> String {
        let reason =
            change.reason.as_ref().map(|why| format!(" {}", say("change-reason").text("reason", why)));
        format!("{} · {}{}", self.clock.time(change.at), told(change), reason.unwrap_or_default())
    }

    /// Why the count of a finding jumped, the last time that it did.
    fn jump(&self, finding: &Finding) -> Option<String> {
        jumps(&self.s.changes, finding.theme).next_back().map(|last| jump::line(last, &self.clock))
    }

    fn instead(&self, shown: &Shown) -> Message {
        match shown {
            Shown::Withdrawn => say("words-withdrawn"),
            Shown::Erased => say("words-erased"),
            Shown::Held => say("words-held"),
            Shown::NoWords => say("words-blank"),
            Shown::Unread | Shown::SetAside | Shown::Words => say("words-unread"),
        }
    }

    /// The changes that move numbers: names given and definitions written move none.
    fn jumps(&self) -> impl Iterator<Item = &Change> {
        self.s.changes.iter().filter(|change| change.moved > 0 || change.reason.is_some())
    }

    fn no_jumps(&self) -> bool {
        self.jumps().next().is_none()
    }

    fn held(&self, reason: &str) -> Message {
        say(format!("held-{reason}"))
    }

    fn listings(&self) -> Vec<Listing> {
        let led = self.led.borrow();
        led.iter().map(|(anchor, query)| self.listing(anchor, query)).collect()
    }

    fn listing(&self, anchor: &str, query: &Query) -> Listing {
        let positions = query.select(self.views).into_iter().map(|(position, _)| position.get());
        let about = crate::pages::contributions::about(self.views, *query).join(", ");
        let about = if about.is_empty() { say("about-all").to_string() } else { about };
        let whole = query.theme.filter(|theme| *query == Query::theme(*theme));
        let jumps = whole.map(|theme| jump::lines(&self.s.changes, theme, &self.clock));
        let (positions, jumps) = (positions.collect(), jumps.unwrap_or_default());
        Listing { anchor: anchor.to_owned(), about, positions, jumps }
    }
}

fn who(table: Option<u16>, side: &str) -> Message {
    match (table, side) {
        (Some(table), _) => say("source-table").num("table", table),
        (None, "remote") => say("channel-remote"),
        (None, "room") => say("channel-room"),
        (None, _) => say("channel-import"),
    }
}

fn anchor(query: &str) -> String {
    let name = query.replace(['&', '='], "-");
    if name.is_empty() { "q-all".to_owned() } else { format!("q-{name}") }
}

/// `41 of 250 contributions`
pub(crate) fn words_of(figure: &Figure) -> Message {
    let key = match (figure.unit, figure.of) {
        (Unit::Contributions, Some(_)) => say("figure-contributions-of"),
        (Unit::Contributions, None) => say("figure-contributions"),
        (Unit::Tables, Some(_)) => say("figure-tables-of"),
        (Unit::Tables, None) => say("figure-tables"),
        (Unit::Voices, Some(_)) => say("figure-voices-of"),
        (Unit::Voices, None) => say("figure-voices"),
        (Unit::HeardFrom, _) => say("figure-heard-from"),
        (_, Some(_)) => say("n-of"),
        (_, None) => say("figure-number"),
    };
    key.num("n", figure.value).num("of", figure.of.unwrap_or_default())
}
