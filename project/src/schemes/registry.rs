//! The list of the schemes that are built, and what each module gives.

use std::fmt::Debug;

use serde_json::Value;

use super::form::Form;
use super::labels::Choice;
use super::{
    Accepted, Labels, Occasion, Refused, Scheme, bws, card_sort, cloze, confidence, conjoint, constant_sum,
    coreference, error_span, event_annotation, extractive_qa, hierarchical_multiselect, likert, multirate,
    multiselect, number, pairwise, pure_display, radio, range_slider, ranking, rubric_eval, select,
    semantic_differential, slider, soft_label, span, span_link, text, text_edit, triage, vas, video,
};
use crate::config::{ConfigError, Section};

/// What a scheme module gives: its validation, its stored shape and the inside of its form.
pub(crate) trait Widget: Debug {
    /// The class of the form beside `annotation-form`.
    fn class(&self) -> &'static str;

    /// What becomes of one label that was sent.
    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused>;

    /// Whether what may be answered depends on the item.
    fn depends_on_item(&self) -> bool {
        false
    }

    /// Whether an accepted label fits this item.
    fn fits(&self, _: &Scheme, _label: &str, _: &Value, _: &Occasion<'_>) -> Result<(), Refused> {
        Ok(())
    }

    /// Whether a label can be wrong for what another one is, so that `check_all` must see those that are stored, too.
    fn is_one_answer(&self) -> bool {
        false
    }

    /// Whether accepted labels go together.
    fn check_all(&self, _: &Scheme, _: &Labels) -> Result<(), Refused> {
        Ok(())
    }

    /// Whether `presented` is there.
    fn is_drawn(&self) -> bool {
        false
    }

    /// What is shown at this item and is not the options of the config, in the order in which it stands.
    fn presented(&self, _: &Scheme, _: &Occasion<'_>) -> Option<Vec<String>> {
        None
    }

    /// Whether the form shows the item's text itself, so that the page need not show it twice.
    fn shows_item(&self, _text_key: &str) -> bool {
        false
    }

    /// The scheme whose spans its answers are about.
    fn span_schema(&self) -> Option<&str> {
        None
    }

    /// Sanitised HTML that stands in place of the legend.
    fn words(&self, _: &Scheme) -> Option<String> {
        None
    }

    /// The inside of the fieldset, escaped.
    fn body(&self, form: &Form<'_>) -> String;

    fn exclusive(&self) -> bool {
        false
    }

    fn full_set(&self) -> bool {
        false
    }

    /// The labels that have a colour and may have a key.
    fn choices(&self) -> &[Choice] {
        &[]
    }

    /// Labels that get keys in order where the scheme wants them.
    fn key_labels(&self) -> Vec<String> {
        self.choices().iter().map(|choice| choice.name.clone()).collect()
    }

    fn option_order(&self) -> Vec<String> {
        self.choices().iter().map(|choice| choice.name.clone()).collect()
    }

    /// Whether the stored labels satisfy a scheme that is required.
    fn answered(&self, labels: &Labels) -> bool {
        labels.iter().any(|(label, value)| label != super::FREE_RESPONSE && super::is_given(value))
    }

    /// Whether an answer was begun that must be ended, required or not.
    fn unfinished(&self, _labels: &Labels) -> bool {
        false
    }

    /// Whether its labels get keys without being told, where it is the only scheme.
    fn keys_if_alone(&self) -> bool {
        false
    }
}

/// One built type: its name, the keys of its own, and how it is read.
pub(crate) struct Entry {
    pub(crate) annotation_type: &'static str,
    pub(crate) keys: &'static [&'static str],
    pub(crate) read: fn(&Section<'_>) -> Result<Kind, ConfigError>,
}

macro_rules! schemes {
    ($($module:ident::$kind:ident),* $(,)?) => {
        /// What is particular to a type of scheme.
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum Kind {
            $(#[doc = concat!("`", stringify!($module), "`")] $kind($module::$kind),)*
        }

        impl Kind {
            /// The type whose form, validation and stored shape it has.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$kind(_) => stringify!($module),)*
                }
            }

            pub(crate) fn widget(&self) -> &dyn Widget {
                match self {
                    $(Self::$kind(widget) => widget,)*
                }
            }
        }

        /// The types that are built, by name.
        pub(crate) const BUILT: &[Entry] = &[
            $(Entry { annotation_type: stringify!($module), keys: $module::KEYS, read: $module::read },)*
        ];
    };
}

schemes! {
    radio::Radio,
    multiselect::Multiselect,
    likert::Likert,
    slider::Slider,
    number::Number,
    text::Text,
    select::Select,
    multirate::Multirate,
    semantic_differential::SemanticDifferential,
    rubric_eval::RubricEval,
    vas::Vas,
    range_slider::RangeSlider,
    confidence::Confidence,
    constant_sum::ConstantSum,
    soft_label::SoftLabel,
    pairwise::Pairwise,
    ranking::Ranking,
    triage::Triage,
    pure_display::PureDisplay,
    video::Video,
    bws::Bws,
    card_sort::CardSort,
    cloze::Cloze,
    conjoint::Conjoint,
    error_span::ErrorSpan,
    extractive_qa::ExtractiveQa,
    hierarchical_multiselect::HierarchicalMultiselect,
    text_edit::TextEdit,
    span::Span,
    span_link::SpanLink,
    coreference::Coreference,
    event_annotation::EventAnnotation,
}
