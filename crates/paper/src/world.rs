//! What Typst may see: one template, one document, five fonts, and no more.

use std::sync::LazyLock;

use serde_json::Value;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};

use crate::Error;

const TEMPLATE: &str = include_str!("paper.typ");

/// Source Sans and Source Serif (SIL Open Font License 1.1), and DejaVu Sans (Bitstream Vera licence) for letters that
/// they do not have; `fonts/` holds their licences.
const FONTS: [&[u8]; 5] = [
    include_bytes!("../fonts/SourceSans3-Regular.ttf"),
    include_bytes!("../fonts/SourceSans3-SemiBold.ttf"),
    include_bytes!("../fonts/SourceSerif4-Regular.ttf"),
    include_bytes!("../fonts/SourceSerif4-SemiBold.ttf"),
    include_bytes!("../fonts/DejaVuSans.ttf"),
];

static FACES: LazyLock<Vec<Font>> =
    LazyLock::new(|| FONTS.iter().filter_map(|data| Font::new(Bytes::new(*data), 0)).collect());

pub(crate) struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    template: Source,
    document: (FileId, Bytes),
}

impl Desk {
    pub(crate) fn new() -> Result<Self, Error> {
        if FACES.len() < FONTS.len() {
            return Err(Error::Font);
        }
        let library = Library::builder().with_features([Feature::A11yExtras].into_iter().collect()).build();
        Ok(Self {
            library: LazyHash::new(library),
            book: LazyHash::new(FontBook::from_fonts(FACES.iter())),
            template: Source::new(file("paper.typ")?, TEMPLATE.to_owned()),
            document: (file("document.json")?, Bytes::new(Vec::new())),
        })
    }

    pub(crate) fn with(self, document: &Value) -> Result<Self, Error> {
        let (id, _) = self.document;
        Ok(Self { document: (id, Bytes::new(serde_json::to_vec(document)?)), ..self })
    }

    /// Whether a font of ours can show a letter.
    pub(crate) fn has(&self, letter: char) -> bool {
        FACES.iter().any(|font| font.info().coverage.contains(u32::from(letter)))
    }
}

fn file(name: &str) -> Result<FileId, Error> {
    let path = VirtualPath::new(name).map_err(|_| Error::Set(format!("there is no file {name}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        match id == self.template.id() {
            true => Ok(self.template.clone()),
            false => Err(FileError::AccessDenied),
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match id == self.document.0 {
            true => Ok(self.document.1.clone()),
            false => Err(FileError::AccessDenied),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FACES.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
