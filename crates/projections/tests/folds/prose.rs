//! Figures that an editor places in prose.

use projections::prose::{Piece, placed};
use projections::{Query, Side, Unit};

use crate::given::{By, Day, theme};

/// Theme 1 at two of the tables and from one phone; theme 2 from nobody.
fn day() -> Day {
    let mut day = Day::with_themes();
    day.says(1, By::Table(1)).says(2, By::Table(2)).says(3, By::Phone(1)).says(4, By::Phone(2));
    day.assigns([1, 2, 3], 1);
    day
}

#[test]
fn a_figure_counts_the_theme_that_the_prose_is_about() {
    let views = day().views();
    let pieces =
        placed(&views, Some(theme(1)), "At [[tables]] and from [[voices]]: [[contributions side=room]].");
    let figures: Vec<_> = pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Figure(figure) => Some((figure.value, figure.of, figure.unit, figure.query)),
            _ => None,
        })
        .collect();
    let of_theme = Query::theme(theme(1));
    assert_eq!(figures[0], (2, Some(views.tables()), Unit::Tables, of_theme));
    assert_eq!(figures[1], (1, Some(2), Unit::Voices, of_theme.on(Side::Remote)));
    assert_eq!(figures[2], (2, Some(2), Unit::Contributions, of_theme.on(Side::Room)));
    assert_eq!(pieces[0], Piece::Text("At ".to_owned()));
    assert_eq!(pieces.len(), 7);
}

#[test]
fn the_opening_counts_everything_and_what_is_no_figure_is_told() {
    let views = day().views();
    let pieces = placed(
        &views,
        None,
        "[[contributions]] [[people]] [[tables colour=red]] [[contributions round=9]] [[",
    );
    let Piece::Figure(all) = &pieces[0] else { panic!("{pieces:?}") };
    assert_eq!((all.value, all.of), (4, None));
    assert!(pieces.contains(&Piece::Unknown("people".to_owned())));
    assert!(pieces.contains(&Piece::Unknown("tables colour=red".to_owned())));
    assert!(matches!(&pieces[6], Piece::Figure(none) if none.value == 0));
    assert_eq!(pieces.last(), Some(&Piece::Text(" [[".to_owned())));
}
