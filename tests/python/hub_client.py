"""The official client against the stand-in of the Hub: what works there must work here.

Usage: hub_client.py WORK_DIR, with HF_ENDPOINT and HF_TOKEN set. Fails by exception.
"""

import os
import sys
import time
from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitScheduler, HfApi, hf_hub_download, snapshot_download
from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, RepositoryNotFoundError

DEADLINE_SECONDS = 60
REPO = "lab/answers"


def refused(error_type, act, status=None):
    """What `act` must not be able to do."""
    try:
        act()
    except error_type as error:
        if status is not None:
            assert error.response.status_code == status, error
        return
    raise AssertionError(f"{error_type.__name__} was expected")


def until(what, holds):
    end = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain until {what}")
        time.sleep(0.1)


def main():
    work = Path(sys.argv[1])
    api = HfApi()
    assert api.whoami()["name"] == "tester"

    refused(RepositoryNotFoundError, lambda: api.repo_info(REPO, repo_type="dataset"))
    url = api.create_repo(REPO, repo_type="dataset", private=True)
    assert url.repo_id == REPO, url
    assert api.create_repo(REPO, repo_type="dataset", private=True, exist_ok=True).repo_id == REPO
    refused(HfHubHTTPError, lambda: api.create_repo(REPO, repo_type="dataset"), 409)
    assert api.repo_info(REPO, repo_type="dataset").private is True
    anonymous = HfApi(token=False)
    refused(RepositoryNotFoundError, lambda: anonymous.repo_info(REPO, repo_type="dataset"))

    first = api.upload_file(
        path_or_fileobj=b"hello\n", path_in_repo="a/small file.txt", repo_id=REPO, repo_type="dataset"
    )
    large = os.urandom(11 << 20)
    api.upload_file(path_or_fileobj=large, path_in_repo="large.bin", repo_id=REPO, repo_type="dataset")
    os.environ.pop("HF_HUB_OFFLINE", None)
    cache = work / "cache"
    for path, content in (("a/small file.txt", b"hello\n"), ("large.bin", large)):
        local = hf_hub_download(REPO, path, repo_type="dataset", cache_dir=cache)
        assert Path(local).read_bytes() == content, path
    refused(EntryNotFoundError, lambda: hf_hub_download(REPO, "none", repo_type="dataset", cache_dir=cache))

    folder = work / "folder"
    for n in range(120):
        path = folder / f"{n % 7}" / f"file {n}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'{{"n": {n}}}')
    api.upload_folder(folder_path=folder, repo_id=REPO, repo_type="dataset", path_in_repo="many")
    listed = api.list_repo_files(REPO, repo_type="dataset")
    assert sum(path.startswith("many/") for path in listed) == 120, "a listing of several pages"
    entries = list(api.list_repo_tree(REPO, repo_type="dataset", recursive=True))
    files = {entry.path: entry for entry in entries if hasattr(entry, "blob_id")}
    assert files["large.bin"].lfs.size == len(large)
    assert {entry.path for entry in entries} >= {"many", "many/3", "a"}
    info = api.get_paths_info(REPO, ["large.bin", "none"], repo_type="dataset")
    assert [entry.path for entry in info] == ["large.bin"]

    def stale():
        operation = CommitOperationAdd(path_in_repo="b", path_or_fileobj=b"b")
        api.create_commit(REPO, [operation], commit_message="late", repo_type="dataset", parent_commit=first.oid)

    refused(HfHubHTTPError, stale, 412)
    assert "b" not in api.list_repo_files(REPO, repo_type="dataset")
    api.delete_file("a/small file.txt", REPO, repo_type="dataset")
    assert "a/small file.txt" not in api.list_repo_files(REPO, repo_type="dataset")
    whole = snapshot_download(REPO, repo_type="dataset", revision=first.oid, local_dir=work / "snapshot")
    assert (Path(whole) / "a/small file.txt").read_bytes() == b"hello\n", "an old commit has what it had"
    titles = [commit.title for commit in api.list_repo_commits(REPO, repo_type="dataset")]
    assert len(titles) == 5 and titles[-1] == "initial commit", titles
    refs = api.list_repo_refs(REPO, repo_type="dataset")
    head = api.repo_info(REPO, repo_type="dataset").sha
    assert [(branch.name, branch.target_commit) for branch in refs.branches] == [("main", head)]

    growing = work / "growing"
    growing.mkdir()
    log = growing / "log.jsonl"
    log.write_text('{"n": 0}\n')
    with CommitScheduler(
        repo_id="lab/scheduled", repo_type="dataset", folder_path=growing, every=0.01, private=True
    ) as scheduler:
        def pushed(lines):
            try:
                path = hf_hub_download("lab/scheduled", "log.jsonl", repo_type="dataset", cache_dir=cache)
            except EntryNotFoundError:
                return False
            return len(Path(path).read_text().splitlines()) == lines

        until("the scheduler has pushed", lambda: pushed(1))
        with scheduler.lock, log.open("a") as file:
            file.write('{"n": 1}\n')
        until("the scheduler has pushed what came later", lambda: pushed(2))
    assert api.repo_info("lab/scheduled", repo_type="dataset").private is True
    api.delete_repo("lab/scheduled", repo_type="dataset")
    refused(RepositoryNotFoundError, lambda: api.repo_info("lab/scheduled", repo_type="dataset"))


if __name__ == "__main__":
    main()
