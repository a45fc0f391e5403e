//! Accounts.

use super::record;
use crate::change::Account;
use crate::register::{Class, Key};
use crate::sqlite::Tx;
use crate::work::{Known, Registered};
use crate::{Change, EventId, StoreError};

/// An account, or the name of somebody whose work was found.
pub(crate) fn known(tx: &Tx<'_>, name: &str) -> Result<Option<Known>, StoreError> {
    let Some(row) = tx.annotator(name)? else {
        return Ok(None);
    };
    let account = read(tx, name)?.unwrap_or_default();
    Ok(Some(Known {
        name: row.name,
        password: account.password,
        disabled: account.disabled,
        registered: row.account,
    }))
}

/// Makes an account.
pub(crate) fn register(
    tx: &mut Tx<'_>,
    name: &str,
    password: Option<String>,
) -> Result<Registered, StoreError> {
    match tx.annotator(name)? {
        Some(row) if row.account => return Ok(Registered::Exists),
        Some(_) => return Ok(Registered::Orphaned),
        None => {}
    }
    if let Some(other) = tx.lookalike(name)? {
        return Ok(Registered::LooksLike(other));
    }
    set(tx, name, Account { password, disabled: false })?;
    Ok(Registered::New)
}

/// Changes the password of an account; false if there is none.
pub(crate) fn set_password(tx: &mut Tx<'_>, name: &str, password: String) -> Result<bool, StoreError> {
    let Some(account) = read(tx, name)? else {
        return Ok(false);
    };
    set(tx, name, Account { password: Some(password), ..account })?;
    Ok(true)
}

/// Makes the accounts of a roster that are missing; how many.
pub(crate) fn seed(tx: &mut Tx<'_>, accounts: Vec<(String, Option<String>)>) -> Result<u64, StoreError> {
    let mut made = 0;
    for (name, password) in accounts {
        if read(tx, &name)?.is_none() && tx.lookalike(&name)?.is_none() {
            set(tx, &name, Account { password, disabled: false })?;
            made += 1;
        }
    }
    Ok(made)
}

fn read(tx: &Tx<'_>, name: &str) -> Result<Option<Account>, StoreError> {
    let register = tx.register(&Key::of_user(name, Class::Account, ""))?;
    Ok(register.and_then(|register| serde_json::from_str(&register.value?).ok()))
}

fn set(tx: &mut Tx<'_>, name: &str, account: Account) -> Result<(), StoreError> {
    record(tx, EventId::new(), name, None, &Change::Account(account))?;
    Ok(())
}
