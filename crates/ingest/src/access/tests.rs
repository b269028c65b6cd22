use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::fixture::{link, slug, table};
use tempfile::TempDir;

fn open() -> (TempDir, Access) {
    let folder = tempfile::tempdir().unwrap();
    let access = Access::open(folder.path()).unwrap();
    (folder, access)
}

fn participant(access: &Access, number: u128) -> String {
    access.issue(&slug(), link(number), Role::Participant, None, None).unwrap().reveal()
}

fn elsewhere() -> Slug {
    "another-hall".parse().unwrap()
}

#[test]
fn a_link_becomes_a_session_with_its_role_and_table() {
    let (_folder, access) = open();
    let secret = access.issue(&slug(), link(1), Role::Facilitator, Some(table(7)), None).unwrap().reveal();
    let token = access.enter(&slug(), &secret, None).unwrap().0;

    let holder = access.holder(&slug(), &token).unwrap().unwrap();

    let actor = Actor { role: Role::Facilitator, link: Some(link(1)), table: Some(table(7)) };
    assert_eq!(holder.grants, [actor]);
    assert_eq!(access.bearer(&slug(), &secret, None).unwrap().unwrap().grants, [actor]);
}

#[test]
fn one_link_gives_many_browsers_a_voice_each() {
    let (_folder, access) = open();
    let secret = participant(&access, 1);
    let voice = |_| {
        let token = access.enter(&slug(), &secret, None).unwrap().0;
        access.holder(&slug(), &token).unwrap().unwrap().voice
    };
    let [one, two] = [(), ()].map(voice);
    assert_ne!(one, two);
}

#[test]
fn one_browser_gathers_roles_and_keeps_its_voice() {
    let (_folder, access) = open();
    let first = access.enter(&slug(), &participant(&access, 1), None).unwrap().0;
    let voice = access.holder(&slug(), &first).unwrap().unwrap().voice;
    let desk = access.issue(&slug(), link(2), Role::ThemeTeam, None, None).unwrap().reveal();

    let second = access.enter(&slug(), &desk, Some(&first)).unwrap().0;

    let holder = access.holder(&slug(), &second).unwrap().unwrap();
    let roles: Vec<_> = holder.grants.iter().map(|grant| grant.role).collect();
    assert_eq!((roles, holder.voice), (vec![Role::ThemeTeam, Role::Participant], voice));
    assert_eq!(holder.as_one_of(&[Role::Participant, Role::ThemeTeam]).unwrap().link, Some(link(2)));
    assert_eq!(holder.as_one_of(&[Role::Participant]).unwrap().link, Some(link(1)));
    assert_eq!(holder.as_one_of(&[Role::Organiser]), None);
}

#[test]
fn a_token_that_somebody_planted_gains_no_role() {
    let (_folder, access) = open();
    let planted = access.enter(&slug(), &participant(&access, 1), None).unwrap().0;
    let organiser = access.issue(&slug(), link(2), Role::Organiser, None, None).unwrap().reveal();

    let fresh = access.enter(&slug(), &organiser, Some(&planted)).unwrap().0;

    assert_ne!(fresh, planted);
    assert_eq!(access.holder(&slug(), &planted), Ok(None));
}

#[test]
fn a_link_that_is_opened_again_is_the_latest() {
    let (_folder, access) = open();
    let [first, second] = [1, 2].map(|number| {
        let link = link(u128::from(number));
        access.issue(&slug(), link, Role::Facilitator, Some(table(number)), None).unwrap().reveal()
    });
    let token = access.enter(&slug(), &first, None).unwrap().0;
    let token = access.enter(&slug(), &second, Some(&token)).unwrap().0;

    let again = access.enter(&slug(), &first, Some(&token)).unwrap().0;

    assert_eq!(again, token, "it gained no role");
    let holder = access.holder(&slug(), &token).unwrap().unwrap();
    assert_eq!(holder.as_one_of(&[Role::Facilitator]).unwrap().table, Some(table(1)));
    assert_eq!(holder.grants.len(), 2);
}

#[test]
fn opening_a_link_again_changes_nothing() {
    let (_folder, access) = open();
    let secret = participant(&access, 1);
    let token = access.enter(&slug(), &secret, None).unwrap().0;
    let holder = access.holder(&slug(), &token);
    assert_eq!(access.enter(&slug(), &secret, Some(&token)).unwrap().0, token);
    assert_eq!(access.holder(&slug(), &token), holder);
}

#[test]
fn an_unknown_token_begins_a_new_session() {
    let (_folder, access) = open();
    let unknown = "A".repeat(43).parse().unwrap();
    let token = access.enter(&slug(), &participant(&access, 1), Some(&unknown)).unwrap().0;
    assert_ne!(token, unknown);
    assert_eq!(access.holder(&slug(), &unknown), Ok(None));
    assert!(access.holder(&slug(), &token).unwrap().is_some());
}

#[test]
fn a_revoked_link_works_for_nobody_from_then_on() {
    let (_folder, access) = open();
    let (secret, other) = (participant(&access, 1), participant(&access, 2));
    let token = access.enter(&slug(), &secret, None).unwrap().0;
    let both = access.enter(&slug(), &other, None).unwrap().0;
    let both = access.enter(&slug(), &secret, Some(&both)).unwrap().0;

    access.revoke(&slug(), link(1)).unwrap();

    assert_eq!(access.holder(&slug(), &token), Ok(None));
    assert_eq!(access.bearer(&slug(), &secret, None), Ok(None));
    assert_eq!(access.enter(&slug(), &secret, None), Err(Refusal::LinkRevoked));
    assert_eq!(access.holder(&slug(), &both).unwrap().unwrap().grants.len(), 1, "the other grant stays");
}

static NOW_MS: AtomicU64 = AtomicU64::new(0);

#[test]
fn a_link_works_until_the_last_moment_of_its_life() {
    let folder = tempfile::tempdir().unwrap();
    let access = Access::open_with(folder.path(), || NOW_MS.load(Ordering::Relaxed)).unwrap();
    NOW_MS.store(1_000, Ordering::Relaxed);
    let life = Some(Duration::from_millis(500));
    let secret = access.issue(&slug(), link(1), Role::Participant, None, life).unwrap().reveal();
    let token = access.enter(&slug(), &secret, None).unwrap().0;

    NOW_MS.store(1_499, Ordering::Relaxed);
    assert!(access.holder(&slug(), &token).unwrap().is_some());
    assert!(access.enter(&slug(), &secret, None).is_ok());

    NOW_MS.store(1_500, Ordering::Relaxed);
    assert_eq!(access.holder(&slug(), &token), Ok(None));
    assert_eq!(access.bearer(&slug(), &secret, None), Ok(None));
    assert_eq!(access.enter(&slug(), &secret, None), Err(Refusal::LinkExpired));
    assert_eq!(access.links(&slug()).unwrap()[0].expires_at, Some(Timestamp(1_500)));
}

#[test]
fn a_link_is_for_its_own_assembly_only() {
    let (_folder, access) = open();
    let secret = participant(&access, 1);
    let token = access.enter(&slug(), &secret, None).unwrap().0;
    assert_eq!(access.enter(&elsewhere(), &secret, None), Err(Refusal::BadLink));
    assert_eq!(access.bearer(&elsewhere(), &secret, None), Ok(None));
    assert_eq!(access.holder(&elsewhere(), &token), Ok(None));
    access.revoke(&elsewhere(), link(1)).unwrap();
    assert!(access.holder(&slug(), &token).unwrap().is_some());
}

#[test]
fn what_is_no_secret_is_refused() {
    let (_folder, access) = open();
    let secret = participant(&access, 1);
    for bad in ["", "guess", &secret[1..], &format!("{secret}A"), &"A".repeat(43), &"é".repeat(43)] {
        assert_eq!(access.enter(&slug(), bad, None), Err(Refusal::BadLink), "{bad:?}");
        assert_eq!(access.bearer(&slug(), bad, None), Ok(None));
    }
}

#[test]
fn two_processes_see_each_others_links_and_a_restart_forgets_nothing() {
    let (folder, access) = open();
    let other = Access::open(folder.path()).unwrap();
    let secret = participant(&access, 1);
    let token = other.enter(&slug(), &secret, None).unwrap().0;
    let holder = access.holder(&slug(), &token).unwrap();
    assert!(holder.is_some());
    let voice = access.voice_for(&slug(), "row 7").unwrap();
    drop((access, other));

    let access = Access::open(folder.path()).unwrap();

    assert_eq!(access.holder(&slug(), &token).unwrap(), holder);
    assert_eq!(access.voice_for(&slug(), "row 7").unwrap(), voice);
    access.revoke(&slug(), link(1)).unwrap();
    assert_eq!(Access::open(folder.path()).unwrap().holder(&slug(), &token), Ok(None));
}

#[test]
fn a_bridge_has_one_voice_and_each_person_behind_it_another() {
    let (_folder, access) = open();
    let (one, two) = (participant(&access, 1), participant(&access, 2));
    let voice = |secret: &str, person| access.bearer(&slug(), secret, person).unwrap().unwrap().voice;
    assert_eq!(voice(&one, None), voice(&one, None));
    assert_eq!(voice(&one, Some("p1")), voice(&one, Some("p1")));
    let voices =
        [voice(&one, None), voice(&one, Some("p1")), voice(&one, Some("p2")), voice(&two, Some("p1"))];
    for (index, voice) in voices.iter().enumerate() {
        assert!(!voices[..index].contains(voice), "voice {index} is another's");
    }
}

#[test]
fn an_import_has_a_voice_per_source_and_assembly() {
    let (_folder, access) = open();
    let voices = access.voices_for(&slug(), &["a", "b", "a"]).unwrap();
    assert_eq!((voices[0], voices.len()), (voices[2], 3));
    assert_ne!(voices[0], voices[1]);
    assert_eq!(access.voice_for(&slug(), "b").unwrap(), voices[1]);
    assert_ne!(access.voice_for(&elsewhere(), "a").unwrap(), voices[0]);
    assert_eq!(access.voices_for(&slug(), &[]).unwrap(), []);
}

#[test]
fn the_organiser_sees_every_link_without_its_secret() {
    let (_folder, access) = open();
    access.issue(&slug(), link(1), Role::Facilitator, Some(table(3)), None).unwrap();
    access.issue(&slug(), link(2), Role::Observer, None, Some(Duration::from_secs(60))).unwrap();
    access.issue(&elsewhere(), link(3), Role::Observer, None, None).unwrap();
    access.revoke(&slug(), link(1)).unwrap();
    let first_revocation = access.links(&slug()).unwrap();
    access.revoke(&slug(), link(1)).unwrap();

    let links = access.links(&slug()).unwrap();

    assert_eq!(links, first_revocation);
    let rows: Vec<_> =
        links.iter().map(|row| (row.link, row.role, row.table, row.revoked.is_some())).collect();
    let expected =
        [(link(2), Role::Observer, None, false), (link(1), Role::Facilitator, Some(table(3)), true)];
    assert_eq!(rows, expected);
    assert_eq!(links[0].expires_at.unwrap().millis() - links[0].issued_at.millis(), 60_000);
}

#[test]
fn one_link_has_one_secret() {
    let (_folder, access) = open();
    participant(&access, 1);
    assert!(access.issue(&slug(), link(1), Role::Organiser, None, None).is_err());
}

#[test]
fn neither_secrets_nor_sources_lie_in_the_file_and_only_its_owner_reads_it() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, access) = open();
    let secret = participant(&access, 1);
    let token = access.enter(&slug(), &secret, None).unwrap().0;
    access.bearer(&slug(), &secret, Some("+44 7700 900123")).unwrap();
    access.voice_for(&slug(), "somebody@example.org").unwrap();

    for file in std::fs::read_dir(folder.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for needle in [secret.as_str(), &token.reveal(), "900123", "somebody"] {
            assert!(!bytes.windows(needle.len()).any(|part| part == needle.as_bytes()), "{path:?}");
        }
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "{path:?}");
    }
    assert_eq!(format!("{token:?} {:?}", secret.parse::<Secret>()), "SessionToken(..) Ok(Secret(..))");
}

#[test]
fn a_code_lets_anybody_take_part_for_as_long_as_its_link_works() {
    let (_folder, access) = open();
    assert_eq!(access.join_code(&slug()).unwrap(), None);
    access.issue(&slug(), link(9), Role::Organiser, None, None).unwrap();
    assert_eq!(access.join_code(&slug()).unwrap(), None, "only participants come in by a code");
    participant(&access, 1);
    let code = access.join_code(&slug()).unwrap().unwrap();
    assert_eq!(access.assembly_of(code).unwrap(), Some(slug()));

    let (token, role) = access.enter(&slug(), &code.to_string().to_lowercase(), None).unwrap();

    assert_eq!(role, Role::Participant);
    assert_eq!(access.holder(&slug(), &token).unwrap().unwrap().grants[0].link, Some(link(1)));
    assert_eq!(access.enter(&elsewhere(), &code.plain(), None), Err(Refusal::BadLink));
    access.revoke(&slug(), link(1)).unwrap();
    assert_eq!(access.enter(&slug(), &code.plain(), None), Err(Refusal::LinkRevoked));
    assert_eq!(access.join_code(&slug()).unwrap(), None);
}
