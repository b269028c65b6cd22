//! Who sends what so that an event happens once more: the frames of the wire, without their ids.

use domain::{ContributionId, Event, Method, Poll, Role, Scene, TableNumber, VoiceTag};
use serde_json::{Value, json};

/// One device. A voice is known by its tag, and has another one for each question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    Organiser,
    ThemeTeam,
    Moderator,
    Table(TableNumber),
    Voice(VoiceTag),
}

impl Who {
    pub(super) fn role(self) -> Role {
        match self {
            Who::Organiser => Role::Organiser,
            Who::ThemeTeam => Role::ThemeTeam,
            Who::Moderator => Role::Moderator,
            Who::Table(_) => Role::Facilitator,
            Who::Voice(_) => Role::Participant,
        }
    }

    /// As the report names it; a voice's tag says nothing to anybody.
    pub(super) fn name(self) -> String {
        match self {
            Who::Table(table) => format!("table {table}"),
            Who::Voice(_) => "a participant".to_owned(),
            staff => format!("the {}", staff.role()),
        }
    }

    pub(super) fn table(self) -> Option<TableNumber> {
        if let Who::Table(table) = self { Some(table) } else { None }
    }
}

/// What the organiser did.
pub(super) fn of_organiser(event: &Event) -> Option<Value> {
    Some(match event {
        Event::RoundOpened { round } => json!({ "type": "open-round", "round": round }),
        Event::RoundClosed { round } => json!({ "type": "close-round", "round": round }),
        Event::QuestionAsked { round, title, question, .. } => {
            json!({ "type": "ask-question", "round": round, "title": title, "question": question })
        }
        Event::TableSeated { table, seats } => {
            json!({ "type": "seat-table", "table": table, "seats": seats })
        }
        Event::TableMerged { table, into } => json!({ "type": "merge-tables", "table": table, "into": into }),
        Event::TableSplit { table, into, seats } => {
            json!({ "type": "split-table", "table": table, "into": into, "seats": seats })
        }
        Event::TableMoved { table, place } => json!({ "type": "move-table", "table": table, "place": place }),
        Event::ScreenSet { scene } => screen(*scene),
        Event::PollOpened(poll) => open_poll(poll),
        Event::PollClosed { poll, .. } => json!({ "type": "close-poll", "poll": poll }),
        // Whoever had it erased: it is done with the reason that stands in the record.
        Event::Erased { contribution, reason, .. } => {
            let reason = reason.as_ref().map_or("It was erased in the record, too", |reason| reason.as_str());
            json!({ "type": "erase", "contribution": contribution, "reason": reason })
        }
        _ => return None,
    })
}

fn screen(scene: Scene) -> Value {
    let (name, of) = match scene {
        Scene::Hearing => ("hearing", None),
        Scene::Question => ("question", None),
        Scene::Join => ("join", None),
        Scene::Quote(contribution) => ("quote", Some(contribution.0)),
        Scene::Poll(poll) => ("poll", Some(poll.0)),
        Scene::Blank => ("blank", None),
    };
    json!({ "type": "set-screen", "scene": name, "of": of })
}

fn open_poll(asked: &Poll) -> Value {
    let Poll { poll, round, question, method, options, lag_s } = asked;
    let (method, most) = match method {
        Method::Temperature => ("temperature", None),
        Method::Choose { most } => ("choose", Some(most)),
        Method::Rank => ("rank", None),
    };
    let options: Vec<_> = options.iter().map(|option| option.as_str()).collect();
    json!({
        "type": "open-poll", "poll": poll, "round": round, "question": question, "method": method, "most": most,
        "options": options.join("\n"), "lag_s": lag_s,
    })
}

/// What the theme team did.
pub(super) fn of_theme_team(event: &Event) -> Option<Value> {
    Some(match event {
        Event::ThemeNamed { theme, name, definition } => {
            json!({ "type": "name-theme", "theme": theme, "name": name, "definition": definition })
        }
        Event::ThemeRenamed { theme, name, reason } => {
            json!({ "type": "rename-theme", "theme": theme, "name": name, "reason": reason })
        }
        Event::ThemeDefined { theme, definition } => {
            let reason = "As in the record";
            json!({ "type": "define-theme", "theme": theme, "definition": definition, "reason": reason })
        }
        Event::ThemeRedefined { theme, definition, reason } => {
            json!({ "type": "define-theme", "theme": theme, "definition": definition, "reason": reason })
        }
        Event::ThemeSplit { theme, into, name, definition, contributions, reason } => json!({
            "type": "split-theme", "theme": theme, "into": into, "name": name, "definition": definition,
            "contributions": listed(contributions), "reason": reason,
        }),
        Event::ChangeUndone { change, reason } => {
            json!({ "type": "undo-change", "change": change, "reason": reason })
        }
        Event::FrameVersioned { name } => json!({ "type": "name-frame", "name": name }),
        Event::PutBack { contribution } => json!({ "type": "put-back", "contribution": contribution }),
        Event::QuotePinned { contribution, theme, span } => json!({
            "type": "pin-quote", "contribution": contribution, "theme": theme,
            "from": span.map(|span| span.from), "to": span.map(|span| span.to),
        }),
        Event::QuoteUnpinned { contribution, theme } => {
            json!({ "type": "unpin-quote", "contribution": contribution, "theme": theme })
        }
        Event::ContraryChosen { theme, contribution } => {
            json!({ "type": "choose-contrary", "theme": theme, "contribution": contribution })
        }
        Event::NoContrary { theme, reason } => {
            json!({ "type": "no-contrary", "theme": theme, "reason": reason })
        }
        Event::ThemeMerged { theme, into, reason } => {
            json!({ "type": "merge-theme", "theme": theme, "into": into, "reason": reason })
        }
        Event::ThemeRetired { theme, reason } => {
            json!({ "type": "retire-theme", "theme": theme, "reason": reason })
        }
        Event::Assigned { contribution, theme } => {
            json!({ "type": "assign", "contribution": contribution, "theme": theme })
        }
        Event::Unassigned { contribution, theme } => {
            json!({ "type": "unassign", "contribution": contribution, "theme": theme })
        }
        Event::Read { contribution } => json!({ "type": "mark-read", "contribution": contribution }),
        Event::SetAside { contribution, reason } => {
            json!({ "type": "set-aside", "contribution": contribution, "reason": reason })
        }
        _ => return None,
    })
}

/// What the moderator did; the second count of hands is the moderator's too.
pub(super) fn of_moderator(event: &Event) -> Option<Value> {
    Some(match event {
        Event::Held { contribution, reason } => {
            json!({ "type": "hold", "contribution": contribution, "reason": reason })
        }
        Event::Released { contribution } => json!({ "type": "release", "contribution": contribution }),
        Event::HandCountConfirmed { poll, table, counts } => {
            json!({ "type": "confirm-hand-count", "poll": poll, "table": table, "counts": listed(counts) })
        }
        _ => return None,
    })
}

/// What voters and counters did. A keypad of the room votes as a phone here, because only a bridge knows its seat.
pub(super) fn of_voters(event: &Event, voice: Option<VoiceTag>) -> Option<(Who, Value)> {
    match event {
        Event::Voted { contribution, vote } => {
            let frame = json!({ "type": "react", "contribution": contribution, "vote": vote });
            Some((Who::Voice(voice?), frame))
        }
        Event::BallotCast { poll, choice, table, seat } => {
            let who = table.map(Who::Table).or(voice.map(Who::Voice))?;
            let seat = seat.filter(|_| table.is_some());
            let frame =
                json!({ "type": "cast-ballot", "poll": poll, "choice": listed(choice), "seat": seat });
            Some((who, frame))
        }
        Event::HandCountEntered { poll, table, counts } => {
            let who = table.map_or(Who::Organiser, Who::Table);
            let frame =
                json!({ "type": "enter-hand-count", "poll": poll, "table": table, "counts": listed(counts) });
            Some((who, frame))
        }
        _ => None,
    }
}

/// What whoever said a thing did with it afterwards; `words` are those of a correction.
pub(super) fn of_contributor(event: &Event, words: &str) -> Option<(ContributionId, Value)> {
    match event {
        Event::Corrected { contribution } => {
            let frame = json!({ "type": "correct", "contribution": contribution, "text": words });
            Some((*contribution, frame))
        }
        Event::ReadBack { contribution } => {
            Some((*contribution, json!({ "type": "read-back", "contribution": contribution })))
        }
        Event::Withdrawn { contribution } => {
            Some((*contribution, json!({ "type": "withdraw", "contribution": contribution })))
        }
        _ => None,
    }
}

fn listed<T: ToString>(numbers: &[T]) -> String {
    numbers.iter().map(T::to_string).collect::<Vec<_>>().join(",")
}
