//! How events are cut into batches must not show.

use event_log::{NewEvent, Reader, Sealed};
use proptest::prelude::*;

use crate::given::{event, id, record};

/// Appends `events`, cut into batches at `cuts`, and gives what is then in the record.
fn recorded(events: &[NewEvent], cuts: &[usize]) -> Vec<(Vec<u8>, [u8; 32])> {
    let (folder, mut writer) = record();
    let mut rest = events;
    for cut in cuts {
        let (batch, others) = rest.split_at(*cut.min(&rest.len()));
        writer.append(batch, 1_000).unwrap();
        rest = others;
    }
    writer.append(rest, 1_000).unwrap();
    let page = Reader::open(folder.path()).unwrap().page(None, usize::MAX).unwrap();
    page.into_iter().map(|event| (event.bytes, event.leaf)).collect()
}

fn some_event() -> impl Strategy<Value = NewEvent> {
    let words = prop::option::of(any::<String>());
    (".*", any::<u16>(), ".*", prop::option::of(".*"), any::<bool>(), words).prop_map(
        |(kind, schema, stream, voice, refers, words)| NewEvent {
            kind,
            schema,
            stream,
            voice,
            id: None,
            reference: refers.then(|| id(7)),
            words: words.map(|words| Sealed::new(&words).unwrap()),
            ..event(1)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_split_into_batches_gives_the_same_events(
        events in prop::collection::vec(some_event(), 0..12),
        cuts in prop::collection::vec(0_usize..5, 0..6),
    ) {
        let cut = recorded(&events, &cuts);
        prop_assert_eq!(cut.len(), events.len());
        prop_assert_eq!(cut, recorded(&events, &[]));
    }
}
