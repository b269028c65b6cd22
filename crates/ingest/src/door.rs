//! Where a frame gets its sender: the role is found out anew for every command, whichever way it came.

use std::sync::Arc;

use domain::{Actor, Channel, Command, Rejection, Role, Slug};
use uuid::Uuid;

use crate::frame::{Parsed, read_form, read_json, reply};
use crate::sequencer::Pending;
use crate::{Access, Ack, Frame, Holder, Refusal, Sequencer, SessionToken, Submission};

/// What somebody shows at the door.
#[derive(Clone)]
pub enum Credential {
    /// Nobody in particular: they may listen and not speak.
    Nobody,
    /// The cookie of a browser.
    Session(SessionToken),
    /// The secret of a link itself, and the bridge's own name for one of many people behind it.
    Link { secret: String, person: Option<String> },
}

/// One sender's way to one assembly. It keeps no roles, so that a revoked link is shut out of open sockets too.
#[derive(Clone)]
pub struct Door {
    pub sequencer: Sequencer,
    pub access: Arc<Access>,
    pub slug: Slug,
    pub credential: Credential,
    /// The role that the page is for; it goes first where the sender has several that would do.
    pub prefers: Option<Role>,
    /// How participants come in by this door.
    pub channel: Channel,
}

impl Door {
    /// Who stands here just now, if they have any role.
    pub fn holder(&self) -> Result<Option<Holder>, Refusal> {
        match &self.credential {
            Credential::Nobody => Ok(None),
            Credential::Session(token) => self.access.holder(&self.slug, token),
            Credential::Link { secret, person } => self.access.bearer(&self.slug, secret, person.as_deref()),
        }
    }

    /// Answers a JSON frame; the id is there as soon as it could be read, so that a refusal can name it.
    pub async fn submit_bytes(&self, json: &[u8]) -> (Option<Uuid>, Result<Ack, Refusal>) {
        self.submit_parsed(read_json(json)).await
    }

    /// Answers `application/x-www-form-urlencoded`.
    pub async fn submit_form(&self, form: &[u8]) -> (Option<Uuid>, Result<Ack, Refusal>) {
        self.submit_parsed(read_form(form)).await
    }

    /// Puts a JSON frame's command in its place in the queue before it returns, so that commands of one sender keep their
    /// order, and answers it later with a frame.
    pub fn answer(&self, json: &[u8]) -> impl Future<Output = String> + Send + use<> {
        let (id, frame) = read_json(json);
        let pending = frame.and_then(|frame| self.enqueue(frame));
        async move {
            let outcome = match pending {
                Ok(pending) => pending.outcome().await,
                Err(refusal) => Err(refusal),
            };
            reply(id, &outcome)
        }
    }

    pub async fn submit(&self, frame: Frame) -> Result<Ack, Refusal> {
        self.enqueue(frame)?.outcome().await
    }

    async fn submit_parsed(&self, (id, frame): Parsed) -> (Option<Uuid>, Result<Ack, Refusal>) {
        match frame {
            Ok(frame) => (id, self.submit(frame).await),
            Err(refusal) => (id, Err(refusal)),
        }
    }

    pub(crate) fn enqueue(&self, frame: Frame) -> Result<Pending, Refusal> {
        let holder = self.holder()?.ok_or(Refusal::NoRole)?;
        let actor = self.actor(&holder, frame.command.admits())?;
        // Only a participant is a voice; staff are counted by their table or not at all.
        let voice = (actor.role == Role::Participant).then_some(holder.voice);
        let channel = match &frame.command {
            Command::Contribute(said) if said.card.is_some() => Channel::Paper,
            _ => self.channel_of(actor.role),
        };
        let erases_voice = matches!(frame.command, Command::EraseVoice { .. });
        let submission = Submission { id: frame.id, command: frame.command, actor, channel, voice };
        let pending = self.sequencer.enqueue(submission)?;
        Ok(match voice {
            Some(voice) if erases_voice => pending.forgetting(Arc::clone(&self.access), voice),
            _ => pending,
        })
    }

    fn actor(&self, holder: &Holder, admitted: &[Role]) -> Result<Actor, Refusal> {
        let preferred = self.prefers.filter(|role| admitted.contains(role));
        preferred
            .and_then(|role| holder.as_one_of(&[role]))
            .or_else(|| holder.as_one_of(admitted))
            .ok_or_else(|| {
                let latest = self
                    .prefers
                    .and_then(|role| holder.as_one_of(&[role]))
                    .or(holder.grants.first().copied());
                latest.map_or(Refusal::NoRole, |grant| Rejection::NotForThisRole(grant.role).into())
            })
    }

    /// Staff speak for the room, even when their words come over the network; paper and imports stay what they are.
    fn channel_of(&self, role: Role) -> Channel {
        match (role, self.channel) {
            (Role::Participant, channel) => channel,
            (_, Channel::Remote | Channel::Nats) => Channel::Room,
            (_, channel) => channel,
        }
    }
}

#[cfg(test)]
mod tests;
