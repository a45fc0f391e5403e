//! Where registers are kept while events are applied: in the store's rows, or in memory to see an earlier state.

use std::collections::BTreeMap;

use crate::change::AnswerChange;
use crate::register::{Class, Key, Register};
use crate::sqlite::{Annotator, Tx};
use crate::{Event, StoreError};

/// Registers by key.
pub(crate) trait Cells {
    fn get(&self, key: &Key) -> Result<Option<Register>, StoreError>;
    /// Replaces what `old` says is there.
    fn put(&mut self, key: Key, old: Option<Register>, new: Register) -> Result<(), StoreError>;
    fn delete(&mut self, key: &Key, old: &Register) -> Result<(), StoreError>;
    /// The labels of a scheme that have registers of their own.
    fn labels(&self, scheme: &Key) -> Result<Vec<(Key, Register)>, StoreError>;
}

/// The store's rows of one annotator, whose digest is kept current.
pub(crate) struct Rows<'a, 'b> {
    pub(crate) tx: &'a Tx<'b>,
    pub(crate) row: &'a mut Annotator,
}

impl Cells for Rows<'_, '_> {
    fn get(&self, key: &Key) -> Result<Option<Register>, StoreError> {
        self.tx.register(key)
    }

    fn put(&mut self, key: Key, old: Option<Register>, new: Register) -> Result<(), StoreError> {
        if let Some(old) = old {
            self.row.digest = self.row.digest.minus(old.digest(&key));
        }
        self.row.digest = self.row.digest.plus(new.digest(&key));
        self.tx.put_register(&key, &new)
    }

    fn delete(&mut self, key: &Key, old: &Register) -> Result<(), StoreError> {
        self.row.digest = self.row.digest.minus(old.digest(key));
        self.tx.delete_register(key)
    }

    fn labels(&self, scheme: &Key) -> Result<Vec<(Key, Register)>, StoreError> {
        self.tx.label_registers(scheme)
    }
}

/// Registers in memory.
#[derive(Debug, Default)]
pub(crate) struct Sheet(pub(crate) BTreeMap<Key, Register>);

impl Cells for Sheet {
    fn get(&self, key: &Key) -> Result<Option<Register>, StoreError> {
        Ok(self.0.get(key).cloned())
    }

    fn put(&mut self, key: Key, _old: Option<Register>, new: Register) -> Result<(), StoreError> {
        self.0.insert(key, new);
        Ok(())
    }

    fn delete(&mut self, key: &Key, _old: &Register) -> Result<(), StoreError> {
        self.0.remove(key);
        Ok(())
    }

    fn labels(&self, scheme: &Key) -> Result<Vec<(Key, Register)>, StoreError> {
        let of_scheme = |key: &Key| {
            (&key.user, &key.item, key.class, &key.key)
                == (&scheme.user, &scheme.item, scheme.class, &scheme.key)
        };
        let labels = self.0.iter().filter(|(key, _)| of_scheme(key) && !key.label.is_empty());
        Ok(labels.map(|(key, register)| (key.clone(), register.clone())).collect())
    }
}

/// Writes a register if the event comes later than what it holds. Two stores may have taken one key in the same moment with
/// different values: then the value decides, so that all orders of a union end alike.
pub(crate) fn put(
    cells: &mut impl Cells,
    event: &Event,
    key: Key,
    value: Option<String>,
) -> Result<(), StoreError> {
    let old = cells.get(&key)?;
    let later = |old: &Register| (event.precedence(), &value) > (old.precedence(), &old.value);
    if old.as_ref().is_some_and(|old| !later(old)) {
        return Ok(());
    }
    cells.put(key, old, Register { at: event.at, id: event.id, value })
}

/// Writes the registers of a save. A whole scheme that is set later than one of its labels takes that label out.
pub(crate) fn put_answers(
    cells: &mut impl Cells,
    event: &Event,
    item: &str,
    change: &AnswerChange,
) -> Result<(), StoreError> {
    let AnswerChange { schemes, labels, spans, links, events, surplus: _ } = change;
    let key = |class, key: &str, label: &str| Key::of_item(&event.user, item, class, key, label);
    for (scheme, labels) in schemes {
        let whole = key(Class::Answer, scheme, "");
        for (label, register) in cells.labels(&whole)? {
            if register.precedence() < event.precedence() {
                cells.delete(&label, &register)?;
            }
        }
        put(cells, event, whole, Some(text(labels)))?;
    }
    for (scheme, labels) in labels {
        let whole = cells.get(&key(Class::Answer, scheme, ""))?;
        if whole.is_some_and(|whole| whole.precedence() > event.precedence()) {
            continue;
        }
        for (label, value) in labels {
            put(cells, event, key(Class::Answer, scheme, label), value_text(value))?;
        }
    }
    for (class, values) in [(Class::Span, spans), (Class::Link, links), (Class::Event, events)] {
        for (id, value) in values {
            put(cells, event, key(class, id, ""), value_text(value))?;
        }
    }
    Ok(())
}

pub(crate) fn text(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("registers hold string keys and finite numbers")
}

/// Null stands for "removed".
pub(crate) fn value_text(value: &serde_json::Value) -> Option<String> {
    (!value.is_null()).then(|| text(value))
}
