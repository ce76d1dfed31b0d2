//! safetensors files, taken apart and put together again without any check.

use serde_json::{Map, Value, json};

/// The content of a file, which need not make sense.
#[derive(Debug, Clone, Default)]
pub(crate) struct Container {
    /// `__metadata__` of the header.
    pub(crate) metadata: Option<Value>,
    /// In the order of their numbers.
    pub(crate) tensors: Vec<Stored>,
}

/// A tensor of a file.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) name: String,
    pub(crate) dtype: Value,
    pub(crate) shape: Value,
    pub(crate) bytes: Vec<u8>,
}

const METADATA: &str = "__metadata__";

/// The entry of the metadata that has the document of this library.
const ENTRY: &str = "nnfs";

impl Container {
    /// The content of a valid file.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let (Value::Object(mut header), data) = split(bytes)? else { return None };
        let metadata = header.remove(METADATA);
        let mut tensors = Vec::new();
        for (name, entry) in header {
            let offset = |at: usize| {
                entry["data_offsets"][at].as_u64().and_then(|it| usize::try_from(it).ok())
            };
            let (from, to) = (offset(0)?, offset(1)?);
            let bytes = data.get(from..to)?.to_vec();
            let (dtype, shape) = (entry["dtype"].clone(), entry["shape"].clone());
            tensors.push((from, Stored { name, dtype, shape, bytes }));
        }
        tensors.sort_by_key(|(from, _)| *from);
        Some(Self { metadata, tensors: tensors.into_iter().map(|(_, tensor)| tensor).collect() })
    }

    /// The bytes of the file: offsets and lengths fit, everything else is as it is.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut header = Map::new();
        if let Some(metadata) = &self.metadata {
            header.insert(METADATA.to_owned(), metadata.clone());
        }
        let mut data = Vec::new();
        for Stored { name, dtype, shape, bytes } in &self.tensors {
            let from = data.len();
            data.extend_from_slice(bytes);
            let offsets = [from, data.len()];
            let entry = json!({ "dtype": dtype, "shape": shape, "data_offsets": offsets });
            header.insert(name.clone(), entry);
        }
        join(&Value::Object(header), &data)
    }

    /// The document in the metadata.
    pub(crate) fn document(&self) -> Option<Value> {
        let text = self.metadata.as_ref()?.get(ENTRY)?.as_str()?;
        serde_json::from_str(text).ok()
    }

    /// Replaces the document in the metadata.
    pub(crate) fn set_document(&mut self, document: &Value) {
        self.metadata = Some(json!({ ENTRY: document.to_string() }));
    }
}

/// A file of a header and the numbers behind it.
pub(crate) fn join(header: &Value, data: &[u8]) -> Vec<u8> {
    let header = header.to_string();
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
}

/// The header of a valid file, and the numbers behind it.
pub(crate) fn split(bytes: &[u8]) -> Option<(Value, &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (header, data) = rest.split_at_checked(length)?;
    Some((serde_json::from_slice(header).ok()?, data))
}

impl Stored {
    /// A tensor of `f32` with the numbers 0, 0.1, 0.2, ...
    pub(crate) fn numbered(name: &str, shape: &[usize]) -> Self {
        let count: usize = shape.iter().product();
        let bytes = (0..count).flat_map(|number| (number as f32 / 10.0).to_le_bytes()).collect();
        Self { name: name.to_owned(), dtype: json!("F32"), shape: json!(shape), bytes }
    }
}
