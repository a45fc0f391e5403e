-- The truth: what happened. `seq` is the order in which this store learned of it.
CREATE TABLE event (
    seq    INTEGER PRIMARY KEY,
    id     BLOB NOT NULL UNIQUE,
    at     INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    user   TEXT NOT NULL,
    item   TEXT,
    kind   TEXT NOT NULL,
    data   TEXT NOT NULL
) STRICT;
CREATE INDEX event_about ON event (user, item);

-- Where events come from. `own` marks this store itself; an older own one (see union) is an origin like any other.
CREATE TABLE origin (
    no    INTEGER PRIMARY KEY,
    id    BLOB NOT NULL UNIQUE,
    last  INTEGER NOT NULL DEFAULT 0,
    chain BLOB NOT NULL DEFAULT (zeroblob(16))
) STRICT;

-- Which of the store's own events have which numbers: runs of `seq` in which the own events are numbered densely.
CREATE TABLE sealed (
    first_n   INTEGER PRIMARY KEY,
    last_n    INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq  INTEGER NOT NULL,
    chain     BLOB NOT NULL,
    origin    INTEGER NOT NULL
) STRICT;

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value ANY
) WITHOUT ROWID, STRICT;

-- The state: last writer wins, register by register. No value is a tombstone.
CREATE TABLE register (
    user  TEXT NOT NULL,
    item  TEXT NOT NULL,
    class INTEGER NOT NULL,
    key   TEXT NOT NULL,
    label TEXT NOT NULL,
    at    INTEGER NOT NULL,
    id    BLOB NOT NULL,
    value TEXT,
    PRIMARY KEY (user, item, class, key, label)
) WITHOUT ROWID, STRICT;

-- Who was given what. `place` is the index among the annotator's live items; none if it is not live.
CREATE TABLE assignment (
    user      TEXT NOT NULL,
    item      TEXT NOT NULL,
    first_at  INTEGER NOT NULL,
    first_id  BLOB NOT NULL,
    first_idx INTEGER NOT NULL,
    state     INTEGER NOT NULL,
    state_at  INTEGER NOT NULL,
    state_id  BLOB NOT NULL,
    answered  INTEGER NOT NULL,
    surplus   INTEGER NOT NULL,
    place     INTEGER,
    PRIMARY KEY (user, item)
) WITHOUT ROWID, STRICT;
CREATE INDEX assignment_place ON assignment (user, place) WHERE place IS NOT NULL;
CREATE INDEX assignment_item ON assignment (item);
CREATE INDEX assignment_lapsed ON assignment (user) WHERE state = 2 AND answered = 0;

-- One row for each name that has an account or work; the counters follow from the tables above.
CREATE TABLE annotator (
    name     TEXT PRIMARY KEY,
    folded   TEXT NOT NULL,
    account  INTEGER NOT NULL DEFAULT 0,
    digest   BLOB NOT NULL,
    assigned INTEGER NOT NULL DEFAULT 0,
    answered INTEGER NOT NULL DEFAULT 0,
    frontier INTEGER NOT NULL DEFAULT 0,
    seen     INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX annotator_folded ON annotator (folded);
