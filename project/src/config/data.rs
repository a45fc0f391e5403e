//! `item_properties` and `data_files`.

use std::path::PathBuf;

use super::{ConfigError, Section, batches};
use crate::yaml::Yaml;

/// Which fields of a row are what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemProperties {
    /// The field that identifies an item.
    pub id_key: String,
    /// The field that is shown.
    pub text_key: String,
    /// `category_key`, where given.
    pub category_key: Option<String>,
}

/// One entry of `data_files`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// Absolute, symlinks resolved.
    pub path: PathBuf,
    /// How its bytes are read.
    pub encoding: Encoding,
}

/// The character encoding of a data file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding(pub(crate) &'static encoding_rs::Encoding);

/// Extensions of data files that are read.
pub(crate) const FORMATS: [&str; 4] = ["json", "jsonl", "csv", "tsv"];

pub(super) fn item_properties(top: &Section<'_>) -> Result<ItemProperties, ConfigError> {
    let Some(properties) = top.section("item_properties")? else {
        return Err(
            top.refuse("item_properties", "is missing and must be a mapping with id_key and text_key")
        );
    };
    Ok(ItemProperties {
        id_key: properties.required_text("id_key")?,
        text_key: properties.required_text("text_key")?,
        category_key: properties.text("category_key")?,
    })
}

/// `data_files`, then the files of `data_directory` in the order of their names; at least one.
pub(super) fn data_files(top: &Section<'_>) -> Result<Vec<DataFile>, ConfigError> {
    let mut files = Vec::new();
    for (i, node) in top.list("data_files")?.unwrap_or_default().iter().enumerate() {
        let key = format!("data_files[{i}]");
        let (name, encoding) = if let Yaml::Map(_) = node.value {
            let entry = top.enter(&key, node)?;
            entry.warn_unknown(&[&["path", "encoding", "filter_by_prior_annotation"]]);
            if entry.has("filter_by_prior_annotation") {
                return Err(
                    entry.refuse("filter_by_prior_annotation", "is not built here; filter the file itself")
                );
            }
            (entry.required_text("path")?, encoding(&entry, "encoding")?)
        } else {
            (top.node_text(&key, node)?, Encoding::UTF_8)
        };
        let refuse = |problem: String| top.refuse_at(&key, Some(node.line), problem);
        files.push(DataFile { path: find(top, &name).map_err(refuse)?, encoding });
    }
    directory(top, &mut files)?;
    for file in batches::data_files(top)? {
        if files.iter().all(|other| other.path != file.path) {
            files.push(file);
        }
    }
    if files.is_empty() {
        let key = if top.has("data_directory") { "data_directory" } else { "data_files" };
        return Err(top.refuse(key, "names no data file; at least one is needed"));
    }
    Ok(files)
}

/// A data file that a key of another section names.
pub(super) fn single_file(section: &Section<'_>, key: &str) -> Result<Option<DataFile>, ConfigError> {
    let Some(name) = section.text(key)? else { return Ok(None) };
    let path = find(section, &name).map_err(|problem| section.refuse(key, problem))?;
    Ok(Some(DataFile { path, encoding: Encoding::UTF_8 }))
}

fn find(section: &Section<'_>, name: &str) -> Result<PathBuf, String> {
    let path = section.places.resolve(name)?;
    if !path.is_file() {
        return Err(format!("the data file {name:?} is not there (looked for {})", path.display()));
    }
    if !is_readable(&path) {
        return Err(format!(
            "{name:?} is not a data file that is read here; allowed: .{}",
            FORMATS.join(", .")
        ));
    }
    Ok(path)
}

fn is_readable(path: &std::path::Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_lowercase);
    extension.is_some_and(|extension| FORMATS.contains(&extension.as_str()))
}

fn directory(top: &Section<'_>, files: &mut Vec<DataFile>) -> Result<(), ConfigError> {
    let Some(name) = top.text("data_directory")? else { return Ok(()) };
    if top.flag("watch_data_directory")?.unwrap_or(false) {
        return Err(top.refuse("watch_data_directory", "true is not built here; files are read at the start"));
    }
    let encoding = encoding(top, "data_directory_encoding")?;
    let folder = top.resolve("data_directory", &name)?;
    let refuse =
        |error: std::io::Error| top.refuse("data_directory", format!("{name:?} cannot be read: {error}"));
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(refuse)? {
        let path = entry.map_err(refuse)?.path();
        if path.is_file() && is_readable(&path) {
            paths.push(path);
        }
    }
    paths.sort();
    files.extend(paths.into_iter().map(|path| DataFile { path, encoding }));
    Ok(())
}

fn encoding(section: &Section<'_>, key: &str) -> Result<Encoding, ConfigError> {
    let Some(name) = section.text(key)? else { return Ok(Encoding::UTF_8) };
    Encoding::named(&name).ok_or_else(|| {
        section.refuse(key, format!("{name:?} is not a known encoding; write utf-8, cp1252, shift_jis, …"))
    })
}

impl Encoding {
    /// A byte order mark at the start is dropped.
    pub const UTF_8: Self = Self(encoding_rs::UTF_8);

    /// By a name of the WHATWG or of Python's codecs; `latin-1` is read as its superset windows-1252.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase();
        let python = match name.replace('_', "-").as_str() {
            "utf-8-sig" | "u8" | "utf" | "utf8" => "utf-8".to_owned(),
            "latin-1" | "latin" | "l1" | "iso8859-1" => "iso-8859-1".to_owned(),
            "utf16" => "utf-16".to_owned(),
            other => match other.strip_prefix("cp") {
                Some(page) if page.len() == 4 => format!("windows-{page}"),
                _ => other.to_owned(),
            },
        };
        encoding_rs::Encoding::for_label(python.as_bytes())
            .or_else(|| encoding_rs::Encoding::for_label(name.as_bytes()))
            .or_else(|| encoding_rs::Encoding::for_label(name.replace('-', "_").as_bytes()))
            .map(Self)
    }
}
