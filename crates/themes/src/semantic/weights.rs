//! The numbers of a model from a safetensors file: the length of a header in eight bytes, the header in JSON (name → type,
//! shape, first byte and byte after the last), then the numbers (<https://github.com/huggingface/safetensors>).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::BadModel;

/// The header of a model with thousands of tables; a longer one is something else.
const HEADER_MAX: usize = 1 << 20;

/// The numbers of trained models lie within a few dozen. With none beyond this, no sum in [`super::bert`] overflows: what a
/// norm gives stays below 2·10⁴, what goes into one below 10¹⁷, and the sum of its squares below 10³⁷.
const NUMBER_MAX: f32 = 1_000.0;

pub(super) struct Weights<'a> {
    header: BTreeMap<String, Entry>,
    data: &'a [u8],
}

#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: [usize; 2],
}

/// What stands in a header beside the tables.
const ABOUT: &str = "__metadata__";

impl<'a> Weights<'a> {
    /// All tables are there to the last byte, those too that nobody asks for.
    pub(super) fn read(file: &'a [u8]) -> Result<Self, BadModel> {
        let wrong = |why: &str| BadModel::NotWeights(why.to_owned());
        let (length, rest) = file.split_first_chunk().ok_or_else(|| wrong("it has no header"))?;
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
        if length > HEADER_MAX {
            return Err(wrong("its header is too long"));
        }
        let (header, data) = rest.split_at_checked(length).ok_or_else(|| wrong("it ends in its header"))?;
        let header: BTreeMap<String, Value> =
            serde_json::from_slice(header).map_err(|error| wrong(&error.to_string()))?;
        let tables = header.into_iter().filter(|(name, _)| name != ABOUT);
        let entries = tables.map(|(name, entry)| match serde_json::from_value(entry) {
            Ok(Entry { data_offsets: [_, end], .. }) if end > data.len() => Err(BadModel::CutOff(name)),
            Ok(entry) => Ok((name, entry)),
            Err(error) => Err(wrong(&format!("{name}: {error}"))),
        });
        Ok(Self { header: entries.collect::<Result<_, _>>()?, data })
    }

    /// The numbers of one table, row by row.
    pub(super) fn table(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, BadModel> {
        let name = || name.to_owned();
        let entry = self.header.get(&name()).ok_or_else(|| BadModel::Missing(name()))?;
        if entry.dtype != "F32" {
            return Err(BadModel::Type { name: name(), found: entry.dtype.clone() });
        }
        if entry.shape != shape {
            return Err(BadModel::Shape { name: name(), found: entry.shape.clone(), said: shape.to_vec() });
        }
        let [from, end] = entry.data_offsets;
        let (numbers, rest) = self.data.get(from..end).unwrap_or_default().as_chunks();
        if !rest.is_empty() || numbers.len() != shape.iter().product::<usize>() {
            return Err(BadModel::NotWeights(format!("{}: its bytes are not those of its shape", name())));
        }
        let numbers: Vec<_> = numbers.iter().copied().map(f32::from_le_bytes).collect();
        // Said so that what is not a number is refused too.
        if numbers.iter().all(|number| number.abs() <= NUMBER_MAX) {
            Ok(numbers)
        } else {
            Err(BadModel::Number(name()))
        }
    }
}
