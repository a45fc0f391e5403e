//! The files of a commit.
//!
//! Asked for directly and not by `hf-hub`, which takes the first page for the whole list when the link to the next one
//! is relative, as a proxy may make it: a list that is cut short would look like a backup that lacks something.

use reqwest::header::LINK;
use reqwest::{StatusCode, Url};
use serde::Deserialize;

use super::client::HubSettings;
use super::outcome::HubError;
use crate::disk::oid::unhex;
use crate::rounds::plan::{RemoteFile, RemoteName, RemoteTree};

const LARGEST_PAGES: usize = 10_000;

/// An entry of `GET /api/datasets/{repo}/tree/{commit}`.
#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "type")]
    kind: String,
    oid: String,
    #[serde(default)]
    size: u64,
    path: String,
    lfs: Option<Lfs>,
}

#[derive(Deserialize)]
struct Lfs {
    #[serde(alias = "sha256")]
    oid: Option<String>,
    size: Option<u64>,
}

pub(super) async fn list(
    http: &reqwest::Client,
    settings: &HubSettings,
    sha: &str,
) -> Result<RemoteTree, HubError> {
    let HubSettings { endpoint, token, owner, name, path_in_repo, .. } = settings;
    let mut url = Url::parse(endpoint).map_err(|error| HubError::nonsense(format!("{endpoint}: {error}")))?;
    url.path_segments_mut()
        .map_err(|()| HubError::nonsense(format!("{endpoint} is not an address of a Hub")))?
        .pop_if_empty()
        .extend(["api", "datasets", owner, name, "tree", sha])
        .extend(path_in_repo.iter().flat_map(|path| path.split('/')));
    url.query_pairs_mut().append_pair("recursive", "true");

    let mut tree = RemoteTree::new();
    for _ in 0..LARGEST_PAGES {
        let answer = http.get(url.clone()).bearer_auth(token).send().await?;
        let status = answer.status();
        if !status.is_success() {
            let code =
                answer.headers().get("x-error-code").and_then(|code| code.to_str().ok()).unwrap_or_default();
            if status == StatusCode::NOT_FOUND && path_in_repo.is_some() && code == "EntryNotFound" {
                return Ok(tree);
            }
            let said = code.to_owned();
            return Err(HubError::status(status.as_u16(), None, &said));
        }
        let next =
            next_page(&url, answer.headers().get_all(LINK).iter().filter_map(|link| link.to_str().ok()))?;
        let entries: Vec<Entry> = answer.json().await?;
        for entry in entries.iter().filter(|entry| entry.kind == "file") {
            let relative = match path_in_repo {
                Some(folder) => {
                    entry.path.strip_prefix(folder.as_str()).and_then(|path| path.strip_prefix('/'))
                }
                None => Some(entry.path.as_str()),
            };
            let Some(relative) = relative else { continue };
            tree.insert(relative.to_owned(), remote_file(entry)?);
        }
        match next {
            Some(next) => url = next,
            None => return Ok(tree),
        }
    }
    Err(HubError::nonsense("the Hub's list of files does not end"))
}

fn remote_file(entry: &Entry) -> Result<RemoteFile, HubError> {
    let file = match &entry.lfs {
        Some(Lfs { oid: Some(oid), size }) => unhex(oid)
            .map(|sha256| RemoteFile { size: size.unwrap_or(entry.size), name: RemoteName::Sha256(sha256) }),
        Some(Lfs { oid: None, .. }) => None,
        None => unhex(&entry.oid).map(|git| RemoteFile { size: entry.size, name: RemoteName::Git(git) }),
    };
    file.ok_or_else(|| HubError::nonsense(format!("the Hub names no digest of {}", entry.path)))
}

fn next_page<'a>(here: &Url, links: impl Iterator<Item = &'a str>) -> Result<Option<Url>, HubError> {
    for link in links.flat_map(|links| links.split(',')) {
        let Some((target, rest)) = link.trim().strip_prefix('<').and_then(|link| link.split_once('>')) else {
            continue;
        };
        if !rest.replace('"', "").contains("rel=next") {
            continue;
        }
        let next =
            here.join(target).map_err(|error| HubError::nonsense(format!("next page {target}: {error}")))?;
        if next.origin() != here.origin() {
            // The token goes along: not to another host.
            return Err(HubError::nonsense(format!(
                "the Hub's list of files goes on at {}",
                next.authority()
            )));
        }
        return Ok(Some(next));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_found_be_its_address_relative_or_not_but_not_on_another_host() {
        let here = Url::parse("http://hub:1/api/datasets/o/r/tree/abc?recursive=true").unwrap();
        let next = |link: &str| next_page(&here, [link].into_iter());
        for link in [
            "<http://hub:1/x?c=2>; rel=\"next\"",
            "</x?c=2>; rel=next",
            "<http://hub:1/y>; rel=\"first\", </x?c=2>; rel=\"next\"",
        ] {
            assert_eq!(next(link).unwrap().unwrap().as_str(), "http://hub:1/x?c=2", "{link}");
        }
        assert_eq!(next("<http://hub:1/y>; rel=\"prev\"").unwrap(), None);
        assert!(next("<http://other/x>; rel=\"next\"").is_err());
    }
}
