//! The links of an assembly: one for each role, one for each table.

use anyhow::Context;
use domain::{Role, Slug, TableNumber};
use serde::Serialize;
use web::House;

/// A link that was just issued. This is the only moment at which its address is known.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Issued {
    pub(crate) role: Role,
    pub(crate) table: Option<TableNumber>,
    pub(crate) url: String,
}

impl Issued {
    /// What comes after the `#`.
    pub(crate) fn secret(&self) -> &str {
        self.url.split_once('#').map_or("", |(_, secret)| secret)
    }

    fn name(&self) -> String {
        match self.table {
            Some(table) => format!("{} {table}", self.role),
            None => self.role.to_string(),
        }
    }
}

/// The first is the one to open first; the tables come last, because there are many.
const ONCE: [Role; 8] = [
    Role::Organiser,
    Role::Screen,
    Role::ThemeTeam,
    Role::Moderator,
    Role::Participant,
    Role::BoardMember,
    Role::Representative,
    Role::Observer,
];

pub(crate) async fn issue(
    house: &House,
    slug: &Slug,
    role: Role,
    table: Option<TableNumber>,
) -> anyhow::Result<Issued> {
    let url = house.issue_link(slug, role, table, None).await;
    let url = url.with_context(|| format!("issue a link for {role}"))?;
    Ok(Issued { role, table, url })
}

pub(crate) async fn issue_all(house: &House, slug: &Slug, tables: u16) -> anyhow::Result<Vec<Issued>> {
    let once = ONCE.into_iter().map(|role| (role, None));
    let seated = (1..=tables).filter_map(TableNumber::new).map(|table| (Role::Facilitator, Some(table)));
    let mut issued = Vec::new();
    for (role, table) in once.chain(seated) {
        issued.push(issue(house, slug, role, table).await?);
    }
    Ok(issued)
}

/// The links for a person to copy, one per line.
pub(crate) fn text(links: &[Issued]) -> String {
    let width = links.iter().map(|link| link.name().len()).max().unwrap_or_default();
    let lines = links.iter().map(|link| format!("  {:<width$}  {}", link.name(), link.url));
    format!(
        "Links. Each gives its role to whoever opens it, and cannot be shown again:\n{}",
        lines.collect::<Vec<_>>().join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stand_under_each_other_and_keep_their_secrets() {
        let url = "http://h/a/s/join#c2VjcmV0".to_owned();
        let links = [
            Issued { role: Role::Organiser, table: None, url: url.clone() },
            Issued { role: Role::Facilitator, table: TableNumber::new(12), url: url.clone() },
        ];
        let text = text(&links);
        let columns: Vec<_> = text.lines().skip(1).map(|line| line.find("http")).collect();
        assert_eq!(columns, [Some(18), Some(18)]);
        assert_eq!(links[0].secret(), "c2VjcmV0");
    }
}
