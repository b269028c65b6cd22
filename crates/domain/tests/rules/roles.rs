//! Who may ask for what: every role with every command, whatever the day has come to.

use domain::{Actor, Assembly, Channel, Command, PaperCommand, Rejection, Role};

use crate::duties::*;
use crate::given::*;

/// One command of each kind; the match in [`kind`] fails to compile when there is a new one.
#[expect(clippy::too_many_lines, reason = "a line for each command, and none is left out")]
fn every_command() -> Vec<Command> {
    vec![
        convene(2, 3),
        ask(1),
        Command::SeatTable { table: table(1), seats: 8 },
        issue(1, Role::Observer, None),
        revoke(1),
        open(1),
        close(1),
        Command::Close,
        say(point(7)),
        correct(1),
        read_back(1),
        withdraw(1),
        hold(1),
        release(1),
        name(3, "Shelters"),
        rename(1, "Late buses"),
        define(1, "After 18:00"),
        merge(1, 2),
        retire(1),
        assign(1, 1),
        unassign(1, 1),
        mark_read(1),
        set_aside(1),
        erase(1),
        erase_voice(1),
        advance(Some(2)),
        Command::SetCountdown { minutes: Some(5) },
        Command::SetScreen { scene: domain::Scene::Blank },
        merge_tables(2, 1),
        split_table(1, 9),
        Command::MoveTable { table: table(1), place: domain::Label::parse("By the door").unwrap() },
        react(2),
        open_poll(4),
        cast(4, &[1]),
        Command::EnterHandCount(hands(4, &[1, 2, 3])),
        Command::ConfirmHandCount(hands(4, &[1, 2, 3])),
        close_poll(4),
        split_theme(1, 3, &[2]),
        undo(1),
        name_frame(),
        code(1, &[1]),
        put_back(2),
        code_again(2, &[2]),
        tell_apart(1),
        pin(2, 1, None),
        unpin(2, 1),
        accept(1, 1, None, &[1]),
        dismiss(1),
        draw(1, domain::SamplePurpose::Audit, 1),
        suggest(1, 1),
        propose(1),
        find_alike(2, 1),
        understand(1, 0),
        write(None),
        publish(1, &[1]),
        read_section(1),
        hold_off(1),
        reply(1, "We agree."),
        rejoin(1),
        promised(1, "2027-06-01"),
        report(1),
        deliver(1),
        reassign(1, "Head of buses"),
        show("https://example.org/timetable"),
        take(1),
        propose_wording(1, &[1]),
        take_wording(1, 3, &[]),
        ask_draft(1, 1),
        contrary(1, 2),
        crate::composition::record(),
    ]
}

#[expect(clippy::too_many_lines, reason = "a line for each command, and none is left out")]
fn kind(command: &Command) -> usize {
    match command {
        Command::Convene(_) => 0,
        Command::AskQuestion { .. } => 1,
        Command::SeatTable { .. } => 2,
        Command::IssueLink { .. } => 3,
        Command::RevokeLink { .. } => 4,
        Command::OpenRound { .. } => 5,
        Command::CloseRound { .. } => 6,
        Command::Close => 7,
        Command::Contribute(_) => 8,
        Command::Correct { .. } => 9,
        Command::ReadBack { .. } => 10,
        Command::Withdraw { .. } => 11,
        Command::Hold { .. } => 12,
        Command::Release { .. } => 13,
        Command::NameTheme { .. } => 14,
        Command::RenameTheme { .. } => 15,
        Command::DefineTheme { .. } => 16,
        Command::MergeTheme { .. } => 17,
        Command::RetireTheme { .. } => 18,
        Command::Assign { .. } => 19,
        Command::Unassign { .. } => 20,
        Command::MarkRead { .. } => 21,
        Command::SetAside { .. } => 22,
        Command::Erase { .. } => 23,
        Command::EraseVoice { .. } => 24,
        Command::Advance { .. } => 25,
        Command::SetCountdown { .. } => 26,
        Command::SetScreen { .. } => 27,
        Command::MergeTables { .. } => 28,
        Command::SplitTable { .. } => 29,
        Command::MoveTable { .. } => 30,
        Command::Vote { .. } => 31,
        Command::OpenPoll(_) => 32,
        Command::CastBallot(_) => 33,
        Command::EnterHandCount(_) => 34,
        Command::ConfirmHandCount(_) => 35,
        Command::ClosePoll { .. } => 36,
        Command::SplitTheme(_) => 37,
        Command::UndoChange { .. } => 38,
        Command::NameFrame { .. } => 39,
        Command::Code { .. } => 40,
        Command::PutBack { .. } => 41,
        Command::CodeAgain { .. } => 42,
        Command::TellApart { .. } => 43,
        Command::PinQuote { .. } => 44,
        Command::UnpinQuote { .. } => 45,
        Command::AcceptCandidate { .. } => 46,
        Command::DismissCandidate { .. } => 47,
        Command::DrawSample { .. } => 48,
        Command::Suggest(_) => 49,
        Command::ProposeTheme(_) => 50,
        Command::FindAlike { .. } => 51,
        Command::Understand { .. } => 52,
        Command::Paper(PaperCommand::WriteProse(_)) => 53,
        Command::Paper(PaperCommand::Publish(_)) => 54,
        Command::Paper(PaperCommand::OpenSection { .. }) => 55,
        Command::Paper(PaperCommand::GiveHoldingReply { .. }) => 56,
        Command::Paper(PaperCommand::Reply { .. }) => 57,
        Command::Paper(PaperCommand::Rejoin { .. }) => 58,
        Command::Paper(PaperCommand::Commit(_)) => 59,
        Command::Paper(PaperCommand::ReportProgress { .. }) => 60,
        Command::Paper(PaperCommand::Deliver { .. }) => 61,
        Command::Paper(PaperCommand::Reassign { .. }) => 62,
        Command::Paper(PaperCommand::ShowMaterial(_)) => 63,
        Command::Paper(PaperCommand::Decide(_)) => 64,
        Command::ProposeWording(_) => 65,
        Command::TakeWording { .. } => 66,
        Command::Draft(_) => 67,
        Command::SettleContrary { .. } => 68,
        Command::Paper(PaperCommand::RecordComposition(_)) => 69,
    }
}

#[test]
fn a_role_that_is_not_admitted_is_refused_for_that_before_anything_else() {
    let days = [vec![], convened(), coded(), closed()];
    let states: Vec<Assembly> = days.iter().map(|day| given(day)).collect();
    for (number, command) in every_command().iter().enumerate() {
        assert_eq!(kind(command), number, "one command of each kind, in order");
        for role in Role::ALL {
            let who = somebody(role, Channel::Room);
            let for_this = |state: &Assembly| !matches!(state.decide(command, &who), Err(Rejection::NotForThisRole(refused)) if refused == role);
            let admitted = command.admits().contains(&role);
            assert!(states.iter().all(|state| for_this(state) == admitted), "{role} asks for {command:?}");
        }
    }
}

#[test]
fn those_who_only_look_may_ask_for_nothing() {
    for role in [Role::Screen, Role::Observer] {
        let asked = every_command().into_iter().find(|command| command.admits().contains(&role));
        assert_eq!(asked, None, "{role}");
    }
}

#[test]
fn each_role_may_ask_for_its_own_part_of_the_day() {
    let may = |role| -> Vec<usize> {
        every_command().iter().filter(|asked| asked.admits().contains(&role)).map(kind).collect()
    };
    assert_eq!(may(Role::Participant), [8, 9, 11, 23, 24, 31, 33]);
    assert_eq!(may(Role::Facilitator), [8, 9, 10, 11, 23, 33, 34, 35]);
    assert_eq!(may(Role::BoardMember), [55, 56, 57, 59, 60, 61, 64]);
    assert_eq!(may(Role::Representative), [58]);
    assert_eq!(may(Role::Moderator), [12, 13, 34, 35]);
    assert_eq!(
        may(Role::ThemeTeam),
        (14..=22).chain(34..=35).chain(37..=53).chain(65..=68).collect::<Vec<_>>()
    );
    assert_eq!(
        may(Role::Organiser),
        (0..=8)
            .chain(14..=30)
            .chain([32, 34, 35, 36])
            .chain(37..=54)
            .chain(62..=63)
            .chain(65..=69)
            .collect::<Vec<_>>()
    );
}

#[test]
fn the_console_acts_for_the_organiser() {
    assert_eq!(Actor::CONSOLE, organiser().actor);
}
