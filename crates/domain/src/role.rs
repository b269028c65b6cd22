//! Who may do what.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::{LinkId, TableNumber};

/// What a link lets its holder do. Nobody without a role may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Organiser,
    Facilitator,
    ThemeTeam,
    Moderator,
    Participant,
    BoardMember,
    Screen,
    Observer,
    /// One of those whom the assembly has asked to say whether a reply answers it.
    Representative,
}

impl Role {
    pub const ALL: [Role; 9] = [
        Role::Organiser,
        Role::Facilitator,
        Role::ThemeTeam,
        Role::Moderator,
        Role::Participant,
        Role::BoardMember,
        Role::Screen,
        Role::Observer,
        Role::Representative,
    ];

    /// The word in the record, in addresses and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Organiser => "organiser",
            Role::Facilitator => "facilitator",
            Role::ThemeTeam => "theme-team",
            Role::Moderator => "moderator",
            Role::Participant => "participant",
            Role::BoardMember => "board-member",
            Role::Screen => "screen",
            Role::Observer => "observer",
            Role::Representative => "representative",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no role")]
pub struct UnknownRole(String);

impl FromStr for Role {
    type Err = UnknownRole;
    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        let named = |role: &Role| role.as_str() == text;
        Role::ALL.into_iter().find(named).ok_or_else(|| UnknownRole(text.chars().take(40).collect()))
    }
}

/// The holder of a link, as far as the rules need to know them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    pub role: Role,
    /// The link that the role came by; stands in the record as the entry device.
    pub link: Option<LinkId>,
    /// The table of a facilitator.
    pub table: Option<TableNumber>,
}

impl Actor {
    /// Whoever runs the program on the server's own disk acts for the organiser.
    pub const CONSOLE: Actor = Actor { role: Role::Organiser, link: None, table: None };
    /// What stands inside the server and suggests: it speaks to the theme team and holds no link.
    pub const ENGINE: Actor = Actor { role: Role::ThemeTeam, link: None, table: None };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_reads_back_from_its_word() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        assert!("admin".parse::<Role>().is_err());
    }
}
