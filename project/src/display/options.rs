//! `display_options` of a field, which may be missing as a whole.

use crate::config::{ConfigError, Section};

pub(super) struct Options<'a>(pub(super) Option<Section<'a>>);

impl Options<'_> {
    pub(super) fn flag(&self, key: &str, default: bool) -> Result<bool, ConfigError> {
        Ok(self.0.as_ref().map(|options| options.flag(key)).transpose()?.flatten().unwrap_or(default))
    }

    /// Text that is not blank.
    pub(super) fn text(&self, key: &str) -> Result<Option<String>, ConfigError> {
        let text = self.0.as_ref().map(|options| options.text(key)).transpose()?.flatten();
        Ok(text.filter(|text| !text.trim().is_empty()))
    }

    pub(super) fn texts(&self, key: &str) -> Result<Vec<String>, ConfigError> {
        self.0.as_ref().map_or_else(|| Ok(Vec::new()), |options| options.texts(key))
    }

    /// A number above 0.
    pub(super) fn size(&self, key: &str, what: &str) -> Result<Option<u32>, ConfigError> {
        let Some(options) = &self.0 else { return Ok(None) };
        let Some(number) = options.integer(key)? else { return Ok(None) };
        match u32::try_from(number) {
            Ok(size) if size > 0 => Ok(Some(size)),
            _ => Err(options.refuse(key, format!("must be a number of {what} above 0, got {number}"))),
        }
    }

    pub(super) fn warn_unknown(&self, known: &[&[&str]]) {
        if let Some(options) = &self.0 {
            options.warn_unknown(known);
        }
    }
}
