//! Every assembly that this process serves, and what a page needs to know of one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use domain::{
    Actor, Channel, Command, Label, LinkId, PollId, Role, RoundNumber, Slug, TableNumber, VoiceTag,
};
use futures_util::future::join_all;
use ingest::{Access, CHECKPOINT_EVERY, Receipt, Refusal, Sequencer, Submission, VoiceKey};
use projections::{LogFiles, Position, Projection, WordsReader, follower};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::Error;
use crate::counted::{Counted, Latest};
use crate::live::Hub;
use crate::pages::desk::{Member, Team};
use crate::past::{EVENTS_MAX, Past};
use crate::presence::Board;

/// What the operator settles.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address that links begin with, without a slash at the end.
    pub public_url: String,
    /// How long a link works; `None` is for as long as the assembly is served.
    pub link_lifetime: Option<Duration>,
    /// How often open pages are told what changed.
    pub tick: Duration,
    pub drafts: Drafts,
    pub mail: Mail,
    /// The file with the key that signs checkpoints; made where it is missing.
    pub signing_key: PathBuf,
    /// What draws a PDF; `None` in a program that was built without it.
    pub printer: Option<Printer>,
}

/// Whether there is a language model that an editor can ask for a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drafts {
    On,
    Off,
}

/// Whether people can ask to be told by e-mail; whoever says so sends the letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mail {
    On,
    Off,
}

/// Draws the PDF of a paper from the JSON form of its [`Document`](crate::paper::Document).
pub type Printer = fn(&[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>>;

/// The process's assemblies and its door.
pub struct House {
    pub(crate) access: Arc<Access>,
    pub(crate) settings: Settings,
    /// Rung when somebody asks to be told by e-mail.
    pub(crate) letterbox: Notify,
    halls: RwLock<BTreeMap<Slug, Arc<Hall>>>,
}

/// One assembly while it is served.
pub(crate) struct Hall {
    pub(crate) slug: Slug,
    /// Where its record lies.
    pub(crate) folder: PathBuf,
    pub(crate) sequencer: Sequencer,
    pub(crate) projection: Projection,
    pub(crate) hub: Hub,
    pub(crate) presence: Board,
    pub(crate) past: Past,
    /// Held by whoever publishes, until the record has named the paper or not.
    pub(crate) publishing: tokio::sync::Mutex<()>,
    team: Mutex<Team>,
    words: Arc<WordsReader>,
    counted: Arc<Latest>,
    pub(crate) log: LogFiles,
    /// What verifies this assembly's checkpoints.
    pub(crate) verifier: String,
}

impl House {
    pub fn new(access: Arc<Access>, settings: Settings) -> Arc<Self> {
        Arc::new(Self { access, settings, letterbox: Notify::new(), halls: RwLock::default() })
    }

    /// Opens an assembly's folder and serves it from now on. Must be called within a tokio runtime.
    pub fn open(&self, folder: &Path, slug: Slug) -> Result<(), Error> {
        let hall = Hall::open(folder, slug.clone(), &self.settings)?;
        self.halls.write().unwrap_or_else(PoisonError::into_inner).insert(slug, Arc::new(hall));
        Ok(())
    }

    pub fn sequencer(&self, slug: &Slug) -> Option<Sequencer> {
        self.hall(slug).map(|hall| hall.sequencer.clone())
    }

    pub fn projection(&self, slug: &Slug) -> Option<Projection> {
        self.hall(slug).map(|hall| hall.projection.clone())
    }

    pub fn slugs(&self) -> Vec<Slug> {
        self.halls.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    pub(crate) fn hall(&self, slug: &Slug) -> Option<Arc<Hall>> {
        self.halls.read().unwrap_or_else(PoisonError::into_inner).get(slug).cloned()
    }

    /// Issues a link: the record says that there is one, the door keeps the hash of its secret, and the secret itself
    /// stands in the address that is returned and nowhere else.
    pub async fn issue_link(
        &self,
        slug: &Slug,
        role: Role,
        table: Option<TableNumber>,
        label: Option<Label>,
    ) -> Result<String, Refusal> {
        let hall = self.hall(slug).ok_or(Refusal::UnknownAssembly)?;
        let link = LinkId(random_id()?);
        hall.as_organiser(Command::IssueLink { link, role, table, label }).await?;
        let issued = self.access.issue(slug, link, role, table, self.settings.link_lifetime);
        let secret = issued.map_err(|error| unavailable(&error))?;
        Ok(format!("{}/a/{slug}/join#{}", self.settings.public_url, secret.reveal()))
    }

    pub(crate) async fn revoke_link(&self, slug: &Slug, link: LinkId) -> Result<(), Refusal> {
        let hall = self.hall(slug).ok_or(Refusal::UnknownAssembly)?;
        // The door closes first: if the record cannot be written now, the link is dead all the same.
        self.access.revoke(slug, link).map_err(|error| unavailable(&error))?;
        hall.as_organiser(Command::RevokeLink { link }).await
    }

    /// Lets every writer finish what it has taken, closes the records, and sends away those who listen.
    pub async fn stop(&self) {
        let halls = std::mem::take(&mut *self.halls.write().unwrap_or_else(PoisonError::into_inner));
        halls.values().for_each(|hall| hall.hub.shut_doors());
        for hall in halls.values() {
            hall.sequencer.clone().stop().await;
        }
        join_all(halls.values().map(|hall| hall.hub.send_away())).await;
    }
}

fn unavailable(error: &ingest::Error) -> Refusal {
    tracing::error!(error = error as &dyn std::error::Error, "the links cannot be kept");
    Refusal::Unavailable
}

/// A random (version 4) UUID: a link's name needs no order, and its time would say when it was made.
pub(crate) fn random_id() -> Result<Uuid, Refusal> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| Refusal::Unavailable)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

impl Hall {
    fn open(folder: &Path, slug: Slug, settings: &Settings) -> Result<Self, Error> {
        let name = || slug.to_string();
        let failed = |source| Error::Projection { slug: name(), source };
        follower::not_ahead(folder).map_err(failed)?;
        let unwritten = |source| Error::Sequencer { slug: name(), source };
        let sequencer = Sequencer::open(folder).map_err(unwritten)?;
        let verifier = sequencer.sign_every(&settings.signing_key, CHECKPOINT_EVERY).map_err(unwritten)?;
        let projection = Projection::follow(folder, sequencer.head()).map_err(failed)?;
        let words = Arc::new(WordsReader::open(folder).map_err(failed)?);
        let log = LogFiles::open(folder).map_err(failed)?;
        let counted = Arc::new(Latest::default());
        let hub = Hub::start(
            sequencer.assembly(),
            projection.clone(),
            words.clone(),
            counted.clone(),
            settings.tick,
        );
        let (presence, team) = (Board::default(), Mutex::default());
        let past = Past::of(folder.to_owned(), EVENTS_MAX);
        let folder = folder.to_owned();
        Ok(Self {
            slug,
            folder,
            sequencer,
            projection,
            hub,
            presence,
            past,
            publishing: tokio::sync::Mutex::default(),
            team,
            words,
            counted,
            log,
            verifier,
        })
    }

    /// The words at a position, where they may still be opened. Whether they may be shown is the caller's to know.
    pub(crate) fn words(&self, position: Position) -> Option<String> {
        self.words.words(position)
    }

    /// The evidence summary as it is now.
    pub(crate) fn counted(&self) -> Arc<Counted> {
        self.counted.at_head(&self.projection, &self.words)
    }

    /// The code by which a contributor finds their contribution again.
    pub(crate) fn receipt(&self, position: Position) -> Option<Receipt> {
        self.words.leaf(position).map(|leaf| Receipt::of_leaf(&leaf))
    }

    /// The tag of a voice in one round.
    pub(crate) fn tag(&self, voice: &VoiceKey, round: RoundNumber) -> VoiceTag {
        voice.tag(self.sequencer.assembly(), round)
    }

    /// Who reads what at the theme desk. It is held for a moment only, and taken after the views where both are needed. A
    /// panic of another holder leaves it whole: no change of it is done in two parts.
    pub(crate) fn team(&self) -> MutexGuard<'_, Team> {
        self.team.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A session at the desk by a tag of its voice that stands in no record: that of a poll which nobody has opened.
    pub(crate) fn member(&self, voice: &VoiceKey) -> Member {
        Member(voice.tag_in_poll(self.sequencer.assembly(), PollId(Uuid::nil())))
    }

    pub(crate) async fn as_organiser(&self, command: Command) -> Result<(), Refusal> {
        let (id, actor, channel) = (random_id()?, Actor::CONSOLE, Channel::Room);
        let submission = Submission { id, command, actor, channel, voice: None };
        let ack = self.sequencer.submit(submission).await?;
        self.projection.wait_for(ack.position.get()).await;
        Ok(())
    }
}
