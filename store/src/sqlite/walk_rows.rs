//! How far each annotator walked an order that items move in.

use super::Tx;
use crate::StoreError;

impl Tx<'_> {
    /// How far the annotator walked; 0 where he did not set out.
    pub(crate) fn walked(&self, user: &str, key: i64) -> Result<u64, StoreError> {
        let reached =
            self.optional("SELECT reached FROM walk WHERE user = ?1 AND key = ?2", (user, key), |row| {
                row.get::<_, i64>(0)
            })?;
        Ok(reached.unwrap_or(0).cast_unsigned())
    }

    pub(crate) fn set_walked(&self, user: &str, key: i64, reached: u64) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO walk VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET reached = excluded.reached",
            (user, key, reached.cast_signed()),
        )
    }
}
