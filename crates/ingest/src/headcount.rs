//! A table of who took part, as a spreadsheet writes it, into a command.

use domain::composition::{Counts, GroupCount};
use domain::{Headcount, Label, Title};

use crate::refusal::Refusal;

const COLUMNS: [&str; 5] = ["attribute", "group", "population", "invited", "members"];

/// A row for each group of each attribute, under a line with the names of the columns: `attribute`, `group` (empty for
/// those who did not say), `members`, and where they are known `population` and `invited`. Columns are divided by
/// commas, semicolons or, as they come out of a spreadsheet, tabs.
pub fn headcount(reference: &str, table: &str) -> Result<Headcount, Refusal> {
    let reference = Title::parse(reference)?;
    let table = table.trim_start_matches('\u{feff}').trim_matches(['\n', '\r']);
    let head = table.lines().next().unwrap_or_default();
    let divider = ['\t', ';', ','].into_iter().find(|divider| head.contains(*divider)).unwrap_or(',');
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(divider).unwrap_or(b','))
        .trim(csv::Trim::All)
        .from_reader(table.as_bytes());
    let columns = columns(rows.headers().map_err(|_| bad("it has no first line".to_owned()))?)?;
    let mut attributes: Vec<Counts> = Vec::new();
    for (number, row) in rows.records().enumerate() {
        let said = |why: String| bad(format!("row {}: {why}", number + 1));
        let row = row.map_err(|_| said("it has more or fewer columns than the first line".to_owned()))?;
        let cell = |column: usize| columns[column].and_then(|at| row.get(at)).unwrap_or_default();
        let name = Label::parse(cell(0)).map_err(|error| said(format!("attribute: {error}")))?;
        let group = group(cell).map_err(said)?;
        match attributes.iter_mut().find(|known| known.name == name) {
            Some(known) => known.groups.push(group),
            None => attributes.push(Counts { name, groups: vec![group] }),
        }
    }
    Ok(Headcount { reference, attributes })
}

fn bad(why: String) -> Refusal {
    Refusal::BadField { field: "table", why }
}

/// Where each of the columns is.
fn columns(head: &csv::StringRecord) -> Result<[Option<usize>; 5], Refusal> {
    let mut places = [None; 5];
    for (at, name) in head.iter().enumerate() {
        match COLUMNS.iter().position(|column| column.eq_ignore_ascii_case(name)) {
            Some(column) if places[column].is_none() => places[column] = Some(at),
            Some(_) => return Err(bad(format!("it has two columns “{name}”"))),
            None => {
                let known = COLUMNS.join(", ");
                return Err(bad(format!("it has a column “{name}”; its columns can be {known}")));
            }
        }
    }
    match [0, 1, 4].into_iter().find(|column| places[*column].is_none()) {
        Some(missing) => Err(bad(format!("it has no column “{}”", COLUMNS[missing]))),
        None => Ok(places),
    }
}

fn group<'a>(cell: impl Fn(usize) -> &'a str) -> Result<GroupCount, String> {
    let named = |column: usize| move |why| format!("{}: {why}", COLUMNS[column]);
    let name = Some(cell(1)).filter(|name| !name.is_empty()).map(Label::parse).transpose();
    let small = |column: usize| {
        let count = number(cell(column)).map_err(named(column))?;
        let count = count.map(u32::try_from).transpose();
        count.map_err(|_| format!("{}: there are not so many people", COLUMNS[column]))
    };
    Ok(GroupCount {
        name: name.map_err(|error| format!("group: {error}"))?,
        population: number(cell(2)).map_err(named(2))?,
        invited: small(3)?,
        members: small(4)?.ok_or_else(|| "members: a number is missing".to_owned())?,
    })
}

/// A whole number, with or without commas or spaces between the thousands; nothing where the cell is empty.
fn number(text: &str) -> Result<Option<u64>, &'static str> {
    const WHY: &str =
        "this is not a whole number of people; write shares as people of a thousand, for example";
    if text.is_empty() {
        return Ok(None);
    }
    let parts: Vec<_> = text.split([',', ' ', '\u{a0}', '\u{202f}']).collect();
    let is_grouped =
        parts.iter().skip(1).all(|part| part.len() == 3) && (parts.len() == 1 || parts[0].len() <= 3);
    let digits = parts.concat();
    if !is_grouped || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(WHY);
    }
    digits.parse().map(Some).map_err(|_| WHY)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "attribute,group,population,invited,members";

    fn why(table: &str) -> String {
        match headcount("Census", table) {
            Err(Refusal::BadField { field: "table", why }) => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_table_reads_however_its_columns_are_divided_and_ordered() {
        let commas = format!("\u{feff}{HEAD}\r\nAge,16–24,\"1,400\",500,12\r\nPlace,Town,,,40\nAge,,,0,28\n");
        let tabs = "Members\tGroup\tAttribute\tInvited\tPopulation\n12\t16–24\tAge\t500\t1 400\n40\tTown\tPlace\t\t\n28\t\tAge\t0\t";
        for table in [commas.clone(), commas.replace("\"1,400\"", "1400").replace(',', ";"), tabs.to_owned()]
        {
            let read = headcount("Census", &table).unwrap();
            let names: Vec<_> =
                read.attributes.iter().map(|one| (one.name.as_str(), one.groups.len())).collect();
            assert_eq!(names, [("Age", 2), ("Place", 1)], "{table}");
            let [young, silent] = &read.attributes[0].groups[..] else { panic!() };
            assert_eq!((young.population, young.invited, young.members), (Some(1_400), Some(500), 12));
            assert_eq!((silent.name.as_ref(), silent.population, silent.members), (None, None, 28));
        }
    }

    #[test]
    fn what_is_wrong_with_a_table_is_named_with_its_row() {
        let row = |row: &str| format!("{HEAD}\nAge,a,1,1,1\n{row}\n");
        for (table, part) in [
            (String::new(), "no column “attribute”"),
            ("attribute,group".to_owned(), "no column “members”"),
            ("attribute,group,members,group".to_owned(), "two columns “group”"),
            ("attribute,group,members,populaton".to_owned(), "a column “populaton”"),
            (row("Age,b,1"), "row 2: it has more or fewer columns"),
            (row(",b,1,1,1"), "row 2: attribute: "),
            (row("Age,b,16.4,1,1"), "row 2: population: this is not a whole number"),
            (row("Age,b,\"1,40\",1,1"), "row 2: population: "),
            (row("Age,b,1,-3,1"), "row 2: invited: "),
            (row("Age,b,1,1,"), "row 2: members: a number is missing"),
            (row("Age,b,1,1,99999999999"), "row 2: members: there are not so many people"),
            (row("Age,b,99999999999999999999,1,1"), "row 2: population: "),
        ] {
            assert!(why(&table).contains(part), "{table}: {}", why(&table));
        }
        assert!(matches!(headcount(" ", HEAD), Err(Refusal::BadText(_))));
    }
}
