//! The media of a project: which of its files pages may show, and where an address in the data leads.

use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Where they lie, unless the config says otherwise.
pub(crate) const DEFAULT_DIR: &str = "media";
/// Where they are served.
pub const PREFIX: &str = "/media/";

/// Kinds of files that are served. What a project keeps to itself (keys, rosters, databases, answers) has other names, so a media
/// directory that holds more than media gives nothing away.
#[rustfmt::skip]
const EXTENSIONS: &[&str] = &[
    "apng", "avif", "bmp", "gif", "ico", "jpeg", "jpg", "png", "svg", "webp",
    "aac", "flac", "m4a", "mp3", "oga", "ogg", "opus", "wav", "weba",
    "m4v", "mov", "mp4", "mpeg", "ogv", "webm",
    "css", "htm", "html", "otf", "pdf", "ttf", "vtt", "woff", "woff2",
];

/// What stays as it is in the path of an address.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// `media_directory`, and what is not served although it may lie there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    dir: PathBuf,
    root: PathBuf,
    hidden: Vec<PathBuf>,
}

/// Where the value of a field leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An address that a browser can fetch: a file of ours, or one on another host.
    At(String),
    /// A file that is not there; its path as it should be.
    Missing(String),
    /// No address that a page may show.
    Refused(String),
}

impl Media {
    /// `root` is the project's; `hidden` are files and folders that are never served.
    pub(crate) fn new(dir: PathBuf, root: &Path, hidden: Vec<PathBuf>) -> Self {
        let hidden = hidden.into_iter().map(|path| path.canonicalize().unwrap_or(path)).collect();
        Self { dir, root: root.to_owned(), hidden }
    }

    /// The file at a path below `/media/`, if it may be served.
    pub fn find(&self, path: &str) -> Option<PathBuf> {
        let harmless = |name: &str| {
            !name.is_empty()
                && !name.starts_with('.')
                && !name.contains(|c: char| c == '\\' || c.is_control())
        };
        if !path.split('/').all(harmless) || !is_media(Path::new(path)) {
            return None;
        }
        // Data also names its files from the project's folder on: `media/cat.png`.
        let places = [self.dir.join(path), self.root.join(path)];
        let mut files = places.iter().filter(|place| place.starts_with(&self.dir));
        files.find_map(|file| self.served(file))
    }

    /// The file with its symlinks resolved, if that is one of the project's media, too.
    fn served(&self, file: &Path) -> Option<PathBuf> {
        let real = file.canonicalize().ok()?;
        let within = real.strip_prefix(&self.root).or_else(|_| real.strip_prefix(&self.dir)).ok()?;
        let dotted = within.iter().any(|name| name.as_encoded_bytes().starts_with(b"."));
        let hidden = self.hidden.iter().any(|hidden| real.starts_with(hidden));
        (!dotted && !hidden && is_media(&real) && real.is_file()).then_some(real)
    }

    /// Where a value of the data leads.
    pub fn source(&self, value: &str) -> Source {
        let value = value.trim();
        let lower = value.to_lowercase();
        let embedded = ["data:image/", "data:audio/", "data:video/"];
        if ["http://", "https://", "//"].into_iter().chain(embedded).any(|start| lower.starts_with(start)) {
            return Source::At(value.to_owned());
        }
        let path = value.strip_prefix("./").unwrap_or(value).trim_start_matches('/');
        let path = value.strip_prefix(PREFIX).unwrap_or(path);
        if self.find(path).is_some() {
            return Source::At(format!("{PREFIX}{}", utf8_percent_encode(path, KEPT)));
        }
        // Written as an address already.
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        if self.find(&decoded).is_some() {
            return Source::At(format!("{PREFIX}{path}"));
        }
        if has_scheme(path) || path.is_empty() {
            return Source::Refused(value.to_owned());
        }
        Source::Missing(path.to_owned())
    }
}

fn is_media(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension))
}

/// `ftp:`, `javascript:` …
fn has_scheme(value: &str) -> bool {
    value.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn media() -> (tempfile::TempDir, Media) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        for file in
            ["media/a b.png", "media/sub/x.MP4", "media/.x.png", "media/key.txt", "out/u.png", "raw/r.png"]
        {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        for (link, target) in
            [("in.png", "../raw/r.png"), ("out.png", "../out/u.png"), ("etc.png", "/etc/hostname")]
        {
            std::os::unix::fs::symlink(target, root.join("media").join(link)).unwrap();
        }
        let media = Media::new(root.join("media"), &root, vec![root.join("out")]);
        (folder, media)
    }

    #[test]
    fn only_media_of_the_project_are_found() {
        let (_folder, media) = media();
        for path in ["a b.png", "sub/x.MP4", "media/a b.png", "in.png"] {
            assert!(media.find(path).is_some(), "{path}");
        }
        for path in [
            "",
            ".",
            "..",
            "../raw/r.png",
            "sub/../a b.png",
            ".x.png",
            "key.txt",
            "out.png",
            "etc.png",
            "sub",
            "no.png",
            "/etc/hostname",
            "sub//x.MP4",
            "a\0.png",
            "raw/r.png",
        ] {
            assert_eq!(media.find(path), None, "{path}");
        }
    }

    #[test]
    fn values_of_the_data_lead_to_addresses() {
        let (_folder, media) = media();
        let at = |address: &str| Source::At(address.to_owned());
        for (value, expected) in [
            ("a b.png", at("/media/a%20b.png")),
            ("./a%20b.png", at("/media/a%20b.png")),
            ("/media/sub/x.MP4", at("/media/sub/x.MP4")),
            ("media/sub/x.MP4", at("/media/media/sub/x.MP4")),
            ("https://x.org/a.png?b=c", at("https://x.org/a.png?b=c")),
            ("data:image/png;base64,xx", at("data:image/png;base64,xx")),
            ("cat.png", Source::Missing("cat.png".to_owned())),
            ("javascript:alert(1)", Source::Refused("javascript:alert(1)".to_owned())),
            ("data:text/html,x", Source::Refused("data:text/html,x".to_owned())),
            (" ", Source::Refused(String::new())),
        ] {
            assert_eq!(media.source(value), expected, "{value}");
        }
    }
}
