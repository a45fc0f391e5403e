//! Look and behaviour of the annotation page.

use super::{ConfigError, Section};
use crate::text;

/// Look and behaviour of the annotation page; harmless keys of Potato's that change nothing here are not kept.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the config by the same name")]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageOptions {
    /// `annotation_instructions`
    pub instructions: Option<String>,
    /// `annotation_codebook_url`: only http, https, mailto and relative addresses are kept.
    pub codebook_url: Option<String>,
    /// `jumping_to_id_disabled`: no "go to" box.
    pub jumping_to_id_disabled: bool,
    /// `hide_navbar`
    pub hide_navbar: bool,
    /// `custom_footer_html`, sanitised.
    pub custom_footer_html: Option<String>,
    /// `completion_code`, for the done page.
    pub completion_code: Option<String>,
    /// `highlight_linebreaks`: a newline in the text is shown as one.
    pub highlight_linebreaks: bool,
    /// `horizontal_key_bindings`: the legend of keys as one row.
    pub horizontal_key_bindings: bool,
    /// `list_as_text`
    pub list_as_text: ListAsText,
    /// `task_description`, where given.
    pub task_description: Option<String>,
    /// `ui_language`, where given.
    pub language: Option<String>,
}

/// `list_as_text`: how a list-valued text is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListAsText {
    /// `text_list_prefix_type`
    pub prefix: Prefix,
    /// `horizontal`: entries side by side.
    pub horizontal: bool,
    /// `alternating_shading`
    pub alternating_shading: bool,
}

/// What stands before each entry of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Prefix {
    /// A. B. C.
    #[default]
    Alphabet,
    /// 1. 2. 3.
    Number,
    /// A bullet.
    Bullet,
    /// Nothing.
    None,
}

pub(super) fn read(top: &Section<'_>) -> Result<PageOptions, ConfigError> {
    let flag = |key| Ok::<_, ConfigError>(top.flag(key)?.unwrap_or(false));
    Ok(PageOptions {
        instructions: given(top.text("annotation_instructions")?),
        codebook_url: codebook_url(top)?,
        jumping_to_id_disabled: flag("jumping_to_id_disabled")?,
        hide_navbar: flag("hide_navbar")?,
        custom_footer_html: given(top.text("custom_footer_html")?).map(|html| text::sanitise(&html)),
        completion_code: given(top.text("completion_code")?),
        highlight_linebreaks: flag("highlight_linebreaks")?,
        horizontal_key_bindings: flag("horizontal_key_bindings")?,
        list_as_text: list_as_text(top)?,
        task_description: given(top.text("task_description")?.or(top.text("annotation_task_description")?)),
        language: given(top.text("ui_language")?),
    })
}

fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

fn codebook_url(top: &Section<'_>) -> Result<Option<String>, ConfigError> {
    let Some(url) = given(top.text("annotation_codebook_url")?) else { return Ok(None) };
    let url = url.trim().to_owned();
    let scheme = url.split_once(':').map(|(scheme, _)| scheme.to_lowercase());
    let is_relative = scheme.as_deref().is_none_or(|scheme| scheme.contains(['/', '?', '#']));
    if is_relative || matches!(scheme.as_deref(), Some("http" | "https" | "mailto")) {
        return Ok(Some(url));
    }
    top.warn(
        "annotation_codebook_url",
        &format!("{url:?} is not shown; http, https, mailto or a relative address is"),
    );
    Ok(None)
}

fn list_as_text(top: &Section<'_>) -> Result<ListAsText, ConfigError> {
    const WORDS: &[(&str, Prefix)] = &[
        ("alphabet", Prefix::Alphabet),
        ("number", Prefix::Number),
        ("bullet", Prefix::Bullet),
        ("none", Prefix::None),
    ];
    let Some(list) = top.section("list_as_text")? else { return Ok(ListAsText::default()) };
    list.warn_unknown(&[&["text_list_prefix_type", "horizontal", "alternating_shading"]]);
    Ok(ListAsText {
        prefix: list.word("text_list_prefix_type", WORDS)?.unwrap_or_default(),
        horizontal: list.flag("horizontal")?.unwrap_or(false),
        alternating_shading: list.flag("alternating_shading")?.unwrap_or(false),
    })
}
