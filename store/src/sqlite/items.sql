-- The corpus, read from the data files, and what follows from it and the assignments: all of it can be made anew.
-- `taken` counts reservations and answers, up to `cap` (0 is no limit); `reopened` items were full once. Where a strategy ranks the items, the
-- lowest `rank` goes first, and within one rank the lowest `turn`: the order in which items came to that rank.
CREATE TABLE item (
    id       TEXT PRIMARY KEY,
    ord      INTEGER NOT NULL,
    fields   TEXT NOT NULL,
    cap      INTEGER NOT NULL DEFAULT 0,
    taken    INTEGER NOT NULL DEFAULT 0,
    open     INTEGER NOT NULL DEFAULT 1,
    reopened INTEGER NOT NULL DEFAULT 0,
    rank     INTEGER NOT NULL DEFAULT 0,
    turn     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX item_ord ON item (ord);
CREATE INDEX item_open ON item (ord) WHERE open = 1;
CREATE INDEX item_reopened ON item (ord) WHERE open = 1 AND reopened = 1;
CREATE INDEX item_rank ON item (rank, turn) WHERE open = 1;

-- Items that stand together: of one category, or of one group of a batch. `nth` counts from 0 without gaps.
CREATE TABLE shelf (
    name TEXT NOT NULL,
    nth  INTEGER NOT NULL,
    item TEXT NOT NULL,
    open INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (name, nth)
) WITHOUT ROWID, STRICT;
CREATE INDEX shelf_item ON shelf (item);
CREATE INDEX shelf_open ON shelf (name, nth) WHERE open = 1;

-- How many items of a shelf an annotator holds or has answered.
CREATE TABLE member (
    shelf TEXT NOT NULL,
    user  TEXT NOT NULL,
    live  INTEGER NOT NULL,
    PRIMARY KEY (shelf, user)
) WITHOUT ROWID, STRICT;

-- How far an annotator walked a rank, or the shelves of his own.
CREATE TABLE walk (
    user    TEXT NOT NULL,
    key     INTEGER NOT NULL,
    reached INTEGER NOT NULL,
    PRIMARY KEY (user, key)
) WITHOUT ROWID, STRICT;
