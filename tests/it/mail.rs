//! Somebody asks to be told by e-mail, confirms it, is told each thing once and ends it, by a real mail server
//! (`tests/mail/sink.py`) that is also away, slow, refuses and breaks off.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::duties::published;
use crate::harness::{Answer, Assembly, Client, Folder, MailServer, PATIENCE, Server, browse, id, root};
use crate::verify::python_with;

const ADA: &str = "ada.lovelace@example.org";
const BOB: &str = "bob@example.org";

fn configure(folder: &Folder, port: u16, gather_s: u8) {
    folder.configure(&format!(
        "public_url = \"http://plenary.example\"\n[mail]\nurl = \"smtp://127.0.0.1:{port}\"\n\
         from = \"Buses <news@plenary.example>\"\ngather_s = {gather_s}\ntimeout_s = 2\n"
    ));
}

/// A published paper with duties, a mail server, and a server that sends by it.
struct Given {
    folder: Folder,
    assembly: Assembly,
    mail: MailServer,
    server: Server,
}

impl Given {
    fn new() -> Self {
        let folder = Folder::new();
        let assembly = published(&folder);
        let mail = MailServer::start();
        configure(&folder, mail.port, 1);
        let server = folder.serve();
        Self { folder, assembly, mail, server }
    }

    fn nobody(&self) -> Client {
        self.server.nobody(&self.assembly)
    }

    /// Asks, and follows the link in the message.
    fn subscribe(&mut self, address: &str) {
        assert_eq!(asks(&self.nobody(), address).status, 200);
        let confirmation = self.mail.last_mail();
        assert_eq!(confirmation.to, address);
        let confirmed = self.nobody().post_form(&confirmation.link("mail/"), &[]);
        assert_eq!(confirmed.status, 200, "{}", confirmed.body);
    }

    fn replies(&self, n: u128, text: &str) {
        let reply = json!({"type": "reply", "id": id(n), "duty": 2, "text": text});
        let answer: Value =
            self.server.join(&self.assembly, "board-member").post_json("submit", &reply).json();
        assert_eq!(answer["type"], "ack", "{answer}");
        let (nobody, begun) = (self.nobody(), Instant::now());
        while nobody.get("tallies.json").json()["position"].as_u64() < answer["position"].as_u64() {
            assert!(begun.elapsed() < PATIENCE, "the pages never showed the reply");
        }
    }
}

fn asks(client: &Client, address: &str) -> Answer {
    client.post_form("mail", &[("address", address)])
}

/// What stands on a page, without its head and foot.
fn told(answer: &Answer) -> &str {
    let (_, main) = answer.body.split_once("<main").unwrap();
    main.split_once("</main>").unwrap().0
}

fn is_there(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|part| part.eq_ignore_ascii_case(needle.as_bytes()))
}

/// Every file below a folder in which the words stand.
fn files_with(folder: &Path, needle: &str) -> Vec<String> {
    let entries = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    let found = entries.flat_map(|path| match path.is_dir() {
        true => files_with(&path, needle),
        false if is_there(&std::fs::read(&path).unwrap(), needle) => vec![path.display().to_string()],
        false => vec![],
    });
    found.collect()
}

#[test]
fn without_a_mail_server_nobody_is_asked_for_an_address() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let server = folder.serve();
    let nobody = server.nobody(&assembly);
    assert!(!nobody.get("duties").body.contains("by-mail"));
    let secret = format!("mail/{}", "A".repeat(43));
    let answers = [
        asks(&nobody, ADA),
        nobody.get(&secret),
        nobody.post_form(&secret, &[]),
        nobody.get(&format!("{secret}/stop")),
    ];
    for answer in answers {
        assert_eq!(answer.status, 404);
        assert!(answer.body.contains("This server sends no e-mail"), "{}", answer.body);
    }
    drop(server);
    assert_eq!(files_with(&folder.data(), ADA), [""; 0]);
}

#[test]
fn a_mail_server_that_cannot_be_meant_is_refused_by_name() {
    let folder = Folder::new();
    folder.convene();
    for (mail, said) in [
        ("[mail]\nurl = \"smtp://127.0.0.1\"\n", "`public_url`"),
        ("public_url = \"http://a.example\"\n[mail]\nurl = \"imap://127.0.0.1\"\n", "`mail.url`"),
        ("public_url = \"http://a.example\"\n[mail]\nurl = \"smtp://127.0.0.1\"\n", "`mail.from`"),
    ] {
        folder.configure(mail);
        let refused = folder.run(&["serve"]);
        assert_ne!(refused.code, Some(0));
        assert!(refused.err.contains(said), "{said}: {}", refused.err);
    }
}

#[test]
fn who_confirms_is_told_each_thing_once_and_who_ends_it_is_forgotten() {
    let mut given = Given::new();
    let nobody = given.nobody();
    for page in ["duties", "duty/2"] {
        assert!(nobody.get(page).body.contains("action=\"/a/buses/mail\""), "{page}");
    }
    let asked = asks(&nobody, ADA);
    assert_eq!(asked.status, 200, "{}", asked.body);
    let confirmation = given.mail.last_mail();
    assert_eq!(confirmation.header("to"), ADA);
    assert_eq!(confirmation.header("from"), "Buses <news@plenary.example>");
    let link = confirmation.link("mail/");

    // Looking at the link is not pressing the button, and who is known is answered like who is not.
    assert!(nobody.get(&link).body.contains("<form method=\"post\">"));
    assert_eq!(told(&asks(&nobody, ADA)), told(&asked));
    assert_eq!(given.mail.last_mail().link("mail/"), link);
    given.replies(90, "There will be night buses.");
    assert_eq!(nobody.post_form(&link, &[]).status, 200);
    assert_eq!(told(&asks(&nobody, &ADA.to_uppercase())), told(&asked));
    given.subscribe(BOB);
    given.replies(91, "There will be more night buses.");

    let mut both = [given.mail.mail(), given.mail.last_mail()];
    both.sort_by(|one, other| one.to.cmp(&other.to));
    assert_eq!([&both[0].to, &both[1].to], [ADA, BOB]);
    let news = &both[0];
    assert_eq!(news.header("subject"), "Buses after six: Duty 2: version 2 of the answer to “Night buses”");
    assert!(!news.text.contains("There will be"), "{}", news.text);
    assert_eq!(nobody.get(&news.link("duty/")).status, 200);
    assert_ne!(both[0].header("message-id"), both[1].header("message-id"));

    // Without any warning, and again from what is on the disk.
    given.server.cut_off();
    given.server = given.folder.serve();
    given.replies(92, "There will be even more night buses.");
    let mut after = [given.mail.mail(), given.mail.last_mail()];
    after.sort_by(|one, other| one.to.cmp(&other.to));
    assert!(after[0].header("subject").ends_with("version 3 of the answer to “Night buses”"));
    assert_eq!(
        given.mail.mails.len(),
        2 + 1 + 2 + 2,
        "confirmations to Ada and Bob, and each reply to each once"
    );

    one_click(&given, &after[0].link("/stop"), after[0].header("list-unsubscribe"));
    assert_eq!(after[0].header("list-unsubscribe-post"), "List-Unsubscribe=One-Click");
    given.replies(93, "There will be trams.");
    assert_eq!(given.mail.last_mail().to, BOB);
    let nowhere = given.nobody().get(&link);
    assert_eq!(nowhere.status, 404);
    holds_no_address(given);
}

/// Presses the button of a mail program, which stands on another page and has no cookie.
#[track_caller]
fn one_click(given: &Given, path: &str, header: &str) {
    assert_eq!(header, format!("<http://plenary.example/a/buses/{path}>"));
    let from = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Origin", "https://mail.example"),
        ("Sec-Fetch-Site", "cross-site"),
    ];
    let client = Client { cookie: None, ..given.server.nobody(&given.assembly) };
    assert!(client.get(path).body.contains("<form method=\"post\">"), "looking does nothing");
    for _ in 0..2 {
        let ended = client.ask("POST", path, &from, b"List-Unsubscribe=One-Click");
        assert_eq!(ended.status, 200, "{}", ended.body);
    }
}

/// Ada has ended it; Bob's address lies in `instance.db` and nowhere else.
fn holds_no_address(given: Given) {
    let Given { folder, server, .. } = given;
    let (ended, said) = server.stop();
    assert!(ended.success());
    for name in ["ada.lovelace", "bob@example"] {
        assert!(!is_there(said.join("\n").as_bytes(), name), "{said:?}");
    }
    let (backup, export) = (folder.path("backup"), folder.path("day.tar"));
    for words in [
        ["backup", "buses", "--out", backup.to_str().unwrap()],
        ["export", "buses", "--out", export.to_str().unwrap()],
    ] {
        let done = folder.run(&words);
        assert_eq!(done.code, Some(0), "{}", done.err);
    }
    let above = folder.data();
    assert_eq!(files_with(above.parent().unwrap(), "ada.lovelace"), [""; 0]);
    let bob = files_with(above.parent().unwrap(), "bob@example");
    assert!(!bob.is_empty() && bob.iter().all(|file| file.contains("instance.db")), "{bob:?}");
}

#[test]
fn a_mail_server_that_is_away_or_hangs_loses_nothing_and_keeps_nobody_waiting() {
    let mut given = Given::new();
    given.subscribe(ADA);
    let port = given.mail.port;

    // Away, while two things happen.
    drop(std::mem::replace(&mut given.mail, MailServer::start()));
    given.replies(90, "There will be night buses.");
    given.server.wait_for("no e-mail goes out");
    given.mail = MailServer::start_at(port);
    let first = given.mail.last_mail();
    assert!(first.header("subject").ends_with("“Night buses” was answered"), "{first:?}");

    // Takes the letter, and never says so: the server is killed over it, and the next one sends it once more.
    given.mail.does("*", "take-and-hang");
    given.replies(91, "There will be more night buses.");
    let unnoted = given.mail.mail();
    given.server.cut_off();
    given.mail.does("*", "take");
    given.server = given.folder.serve();
    let again = given.mail.last_mail();
    assert_eq!(again.header("message-id"), unnoted.header("message-id"));
    assert_eq!(again.text, unnoted.text);

    // Breaks off when it hears the address, and then hangs.
    given.mail.does("*", "drop");
    given.replies(92, "There will be even more night buses.");
    given.mail.wait_for("rcpt");
    given.mail.does("*", "hang");
    given.mail.wait_for("rcpt");
    let asked = Instant::now();
    assert_eq!(given.nobody().get("duties").status, 200);
    assert_eq!(asks(&given.nobody(), BOB).status, 200);
    let (ended, _) = given.server.stop();
    assert!(ended.success() && asked.elapsed() < Duration::from_secs(20));
    given.mail.does("*", "take");
    given.server = given.folder.serve();
    let mut last = [given.mail.mail(), given.mail.mail()];
    last.sort_by(|one, other| one.to.cmp(&other.to));
    assert!(last[0].header("subject").ends_with("version 3 of the answer to “Night buses”"), "{last:?}");
    assert_eq!((last[0].to.as_str(), last[1].to.as_str()), (ADA, BOB));
}

/// As if time had passed, or had not yet: changes what stands of somebody in `instance.db` while no server has it.
fn alter(folder: &Folder, sql: &str) {
    let instance = rusqlite::Connection::open(folder.data().join("instance.db")).unwrap();
    assert_eq!(instance.execute(sql, []).unwrap(), 1, "{sql}");
}

#[test]
fn what_became_overdue_is_told_once_and_with_what_happens_at_that_time() {
    let mut given = Given::new();
    given.subscribe(ADA);
    assert!(given.server.stop().0.success());
    // The law wanted the paper answered by 1 October 2026; Ada knows of nothing since the day before.
    alter(&given.folder, "UPDATE subscriptions SET day = '2026-09-30'");
    configure(&given.folder, given.mail.port, 5);
    given.server = given.folder.serve();
    given.replies(90, "There will be night buses.");
    let both = given.mail.last_mail();
    assert_eq!(both.header("subject"), "Buses after six: 2 steps on what the board owes");
    let overdue =
        "Overdue: Director of buses owed an answer to “The paper as a whole” by 1 October 2026 (duty 1)";
    for line in [overdue, "Duty 2: “Night buses” was answered"] {
        assert!(both.text.lines().any(|found| found == line), "{line}: {}", both.text);
    }
    given.replies(91, "There will be more night buses.");
    let next = given.mail.last_mail();
    assert!(next.header("subject").ends_with("version 2 of the answer to “Night buses”"), "{next:?}");
}

/// A server whose configuration is `url` at that mail server, which trusts the certificate in a file.
fn serve_under(folder: &Folder, url: &str, trusts: &str) -> Server {
    let password = folder.file("password", "hunter2\n");
    folder.configure(&format!(
        "public_url = \"http://plenary.example\"\n[mail]\nurl = \"{url}\"\nfrom = \"news@plenary.example\"\n\
         user = \"news\"\npassword_file = {password:?}\ntimeout_s = 2\n"
    ));
    let mut command = folder.command(&["serve"]);
    command.env("SSL_CERT_FILE", trusts);
    Server::start(command)
}

#[test]
fn under_tls_it_speaks_with_nobody_but_the_server_that_it_means() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let certificate = |name: &str| {
        let file = folder.file(name, "");
        let script = root().join("tests/mail/certificate.py");
        assert!(python_with("cryptography").arg(script).arg(&file).status().unwrap().success());
        file
    };
    let (ours, others) = (certificate("ours.pem"), certificate("others.pem"));
    for how in ["starttls", "smtps"] {
        let mut mail = MailServer::start_under(how, &ours);
        let url = format!("{how}://localhost:{}", mail.port);
        let mut stranger = serve_under(&folder, &url, &others);
        assert_eq!(asks(&stranger.nobody(&assembly), ADA).status, 200);
        stranger.wait_for("no e-mail goes out");
        let (_, said) = stranger.stop();
        assert!(said.iter().all(|line| !line.contains("hunter2")), "{said:?}");
        let server = serve_under(&folder, &url, &ours);
        assert_eq!(mail.wait_for("auth")["good"], true, "nobody signed in before");
        assert_eq!(mail.last_mail().to, ADA);
        drop(server);
        alter(&folder, "DELETE FROM subscriptions");
    }
}

#[test]
fn one_address_that_is_refused_keeps_nobody_else_waiting_and_stands_in_no_log() {
    let mut given = Given::new();
    given.subscribe(ADA);
    given.subscribe(BOB);
    given.mail.does(ADA, "refuse");
    given.replies(90, "There will be night buses.");
    assert_eq!(given.mail.last_mail().to, BOB);
    given.mail.does(ADA, "later");
    given.replies(91, "There will be more night buses.");
    assert_eq!(given.mail.last_mail().to, BOB);
    let (ended, mut said) = given.server.stop();
    assert!(ended.success());

    // It was refused four times before.
    given.mail.does(ADA, "refuse");
    alter(&given.folder, "UPDATE subscriptions SET tries = 4, next_at = 0 WHERE address LIKE 'ada%'");
    given.server = given.folder.serve();
    given.server.wait_for("is not tried any more");
    given.replies(92, "There will be even more night buses.");
    assert_eq!(given.mail.last_mail().to, BOB);
    said.extend(given.server.stop().1);
    assert!(!is_there(said.join("\n").as_bytes(), "ada.lovelace"), "{said:?}");
}

#[test]
fn every_page_of_it_is_for_everybody_in_a_browser() {
    let mut given = Given::new();
    asks(&given.nobody(), ADA);
    let link = given.mail.last_mail().link("mail/");
    let mut day = given.assembly.convened().clone();
    day["url"] = json!(format!("http://{}", given.server.address));
    day["link"] = json!(link);

    browse("mail.mjs", &day.to_string(), 60);

    let confirmation = given.mail.last_mail();
    assert_eq!(confirmation.to, "eve@example.org");
}

#[test]
fn what_is_no_address_is_refused_and_nothing_is_sent() {
    let mut given = Given::new();
    let nobody = given.nobody();
    for typed in ["", "ada", "ada@example.org\r\nBcc: eve@example.org", "ada@example.org, eve@example.org"] {
        let refused = asks(&nobody, typed);
        assert_eq!(refused.status, 422, "{typed:?}");
        assert!(refused.body.contains("We cannot write to this address"), "{}", refused.body);
    }
    let long = "a".repeat(100_000);
    assert_eq!(asks(&nobody, &long).status, 413);
    given.subscribe(BOB);
    assert_eq!(given.mail.mails.len(), 1);
}
