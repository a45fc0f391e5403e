//! Sealing: the store's events so far get numbers and lie in segments, with a head that names the state they lead to.

use jiff::Timestamp;
use store::{Study, Tip};
use uuid::Uuid;

use crate::disk::manifest::Number;
use crate::disk::names::HISTORY;
use crate::disk::whole_file;
use crate::history::head::HeadFile;
use crate::history::segments;
use crate::views::mirror::{Mirror, MirrorError};

impl Mirror {
    /// Seals; answers whose history this is and where it ends. A history without events gets a head only to `claim`.
    pub(crate) async fn seal(&mut self, claim: bool) -> Result<(Uuid, Tip), MirrorError> {
        let seal = self.store.seal().await?;
        let Study { id, origin } = self.store.study().await?;
        let known = u64::try_from(self.manifest.number(Number::Sealed(origin))?).unwrap_or(0);
        let last = segments::write_own(&self.store, &self.settings.out, origin, seal.tip, known).await?;
        if last != known {
            self.manifest.set_number(Number::Sealed(origin), last.cast_signed())?;
        }
        if let Some(study) = id
            && (last > 0 || claim)
        {
            let head = HeadFile::new(study, self.settings.owner.as_deref(), origin, &seal, Timestamp::now());
            self.write_head(&head)?;
        }
        Ok((origin, seal.tip))
    }

    pub(crate) fn write_head(&self, head: &HeadFile) -> Result<(), MirrorError> {
        let path = self.settings.out.join(HISTORY).join(head.origin.to_string()).join("head.json");
        let there = std::fs::read(&path).ok().and_then(|bytes| HeadFile::parse("head.json", &bytes).ok());
        if there.is_some_and(|there| there.covers_same(head)) {
            return Ok(());
        }
        let dir = path.parent().expect("a head lies in a folder");
        whole_file::make_dirs(dir)
            .and_then(|()| whole_file::write(&path, &head.render()))
            .map_err(|source| MirrorError::File { path: path.clone(), source })
    }
}
