//! Tells people by e-mail what boards owe and do, where `[mail]` names a server for it.
//!
//! One task for all assemblies; nobody waits for it. A letter is settled in `instance.db` before it is sent and noted
//! there afterwards. What ends the process in between has it sent once more, as the very same letter under the same
//! Message-ID; nothing else is sent twice, and nothing is lost.

mod line;
mod message;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use domain::Slug;
use ingest::{Access, Due, Refused};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use web::{House, News};

pub(crate) use line::Line;
use line::{Open, Stuck, Taken};

use crate::settings;

/// How often it is looked whether there is anything to tell.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How often addresses are looked for that have to be deleted.
const CLEAN_EVERY: Duration = Duration::from_secs(600);
/// How long the server is left alone after it could not be reached, the first time and at most.
const PAUSE_MIN: Duration = Duration::from_secs(2);
const PAUSE_MAX: Duration = Duration::from_secs(600);
/// Letters that are taken from the database at once.
const LETTERS_MAX: u32 = 50;
/// News that never stop gather for no longer than so many times the usual.
const GATHER_MAX: u32 = 10;
/// At the end, the letter that is being handed over gets this long.
const LAST_LETTER: Duration = Duration::from_secs(3);

/// The letters of a server while it runs; nothing where none are sent.
pub(crate) struct Letters(Option<Running>);

struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// Begins to send. A server that cannot be reached is said in the log.
pub(crate) fn start(
    line: Option<Line>,
    settings: &settings::Mail,
    house: &Arc<House>,
    access: Arc<Access>,
) -> Letters {
    let running = line.map(|line| {
        let (stop, stopped) = watch::channel(false);
        let gather = Duration::from_secs(settings.gather_s.into());
        let postman = Postman::new(line, gather, house.clone(), access, stopped);
        Running { stop, task: tokio::spawn(postman.run()) }
    });
    Letters(running)
}

impl Letters {
    /// Lets a letter that is being handed over arrive, if that is soon.
    pub(crate) async fn stop(self) {
        let Some(Running { stop, mut task }) = self.0 else { return };
        stop.send_replace(true);
        if tokio::time::timeout(LAST_LETTER, &mut task).await.is_err() {
            task.abort();
        }
    }
}

struct Postman {
    line: Line,
    gather: Duration,
    house: Arc<House>,
    access: Arc<Access>,
    stop: watch::Receiver<bool>,
    gathering: BTreeMap<Slug, Gathering>,
    /// Letters that were taken and could not be noted: they are noted as soon as that works, and not sent again.
    unnoted: BTreeSet<String>,
    cleaned: Option<Instant>,
    /// How long the server is left alone next time.
    pause: Duration,
    /// Whether it was said that no letters go out.
    said: bool,
}

/// News of one assembly that may not be all yet.
struct Gathering {
    news: News,
    begun: Instant,
    until: Instant,
}

impl Postman {
    fn new(
        line: Line,
        gather: Duration,
        house: Arc<House>,
        access: Arc<Access>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        Self {
            line,
            gather,
            house,
            access,
            stop,
            gathering: BTreeMap::new(),
            unnoted: BTreeSet::new(),
            cleaned: None,
            pause: PAUSE_MIN,
            said: false,
        }
    }

    async fn run(mut self) {
        let house = self.house.clone();
        while !*self.stop.borrow() {
            let looked = self.look().await;
            let stuck = looked.is_err();
            if let Err(error) = looked {
                self.say_stuck(&error);
            }
            let wait = if stuck { self.next_pause() } else { LOOK_EVERY };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                // A server that is left alone is left alone by those who ask, too.
                () = house.letter_asked(), if !stuck => {}
                _ = self.stop.changed() => {}
            }
        }
    }

    fn say_stuck(&mut self, error: &anyhow::Error) {
        if !self.said {
            let error: &dyn std::error::Error = error.as_ref();
            tracing::warn!(error, "no e-mail goes out; it is tried again");
        }
        self.said = true;
    }

    fn next_pause(&mut self) -> Duration {
        let pause = self.pause;
        self.pause = (pause * 2).min(PAUSE_MAX);
        pause
    }

    /// The server has answered something to a letter.
    fn is_heard(&mut self) {
        self.pause = PAUSE_MIN;
        if std::mem::take(&mut self.said) {
            tracing::info!("e-mail goes out again");
        }
    }

    async fn look(&mut self) -> anyhow::Result<()> {
        if self.cleaned.is_none_or(|at| at.elapsed() >= CLEAN_EVERY) {
            self.access.delete_stale_mail().context("delete old addresses")?;
            self.cleaned = Some(Instant::now());
        }
        let mut open = None;
        let mut sent = Ok(());
        for slug in self.house.slugs() {
            self.settle(&slug).context("settle the letters")?;
            sent = self.send_all(&slug, &mut open).await;
            if sent.is_err() {
                break;
            }
        }
        if let Some(open) = open {
            self.line.close(open).await;
        }
        sent
    }

    /// Settles what the next letters of an assembly tell, once its news have gathered.
    fn settle(&mut self, slug: &Slug) -> anyhow::Result<()> {
        let known = self.gathering.get(slug).map(|gathering| gathering.news);
        let Some(news) = self.house.news(slug, known) else { return Ok(()) };
        let (now, gather) = (Instant::now(), self.gather);
        let fresh = || Gathering { news, begun: now, until: now + gather };
        let gathering = self.gathering.entry(slug.clone()).or_insert_with(fresh);
        if gathering.news.latest != news.latest {
            if gathering.until <= now {
                *gathering = fresh();
            }
            gathering.until = (now + gather).min(gathering.begun + gather * GATHER_MAX);
        }
        gathering.news = news;
        if gathering.until <= now {
            self.access.settle_letters(slug, news.latest, news.now)?;
        }
        Ok(())
    }

    async fn send_all(&mut self, slug: &Slug, open: &mut Option<Open>) -> anyhow::Result<()> {
        loop {
            let letters = self.access.due_letters(slug, LETTERS_MAX).context("look for letters")?;
            if letters.is_empty() {
                return Ok(());
            }
            for due in letters {
                if *self.stop.borrow() {
                    return Ok(());
                }
                self.send(slug, &due, open).await?;
            }
        }
    }

    async fn send(&mut self, slug: &Slug, due: &Due, open: &mut Option<Open>) -> anyhow::Result<()> {
        let wanted = self.access.mail_standing(slug, &due.secret)?.is_some();
        let letter = self.house.letter(slug, due).filter(|_| wanted && !self.unnoted.contains(&due.name));
        // It was ended meanwhile, or there is nothing to tell, or it has been told.
        let Some(letter) = letter else { return self.note(due) };
        let taken = match message::of(self.line.from(), due, &letter) {
            Ok(message) => self.line.send(open, &message).await,
            Err(_) => Ok(Taken::No { code: 0, refused: Refused::ForGood }),
        };
        match taken {
            Ok(Taken::Yes) => {
                self.is_heard();
                self.note(due)
            }
            Ok(Taken::No { code, refused }) => {
                self.is_heard();
                if self.access.letter_refused(due, refused)? {
                    let subscription = due.id.0;
                    tracing::warn!(%slug, %subscription, code, "an address was refused often and is not tried any more");
                }
                Ok(())
            }
            Err(Stuck { why, over }) => {
                if let Some(refused) = over {
                    self.access.letter_refused(due, refused)?;
                }
                Err(why.context("speak with the server that `mail.url` names"))
            }
        }
    }

    fn note(&mut self, due: &Due) -> anyhow::Result<()> {
        if let Err(error) = self.access.letter_sent(due) {
            self.unnoted.insert(due.name.clone());
            return Err(anyhow::Error::new(error).context("note that a letter was sent"));
        }
        self.unnoted.remove(&due.name);
        Ok(())
    }
}
