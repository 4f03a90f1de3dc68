-- The schedulers at work, so that one can tell when none is.

CREATE TABLE schedulers (
    holder TEXT PRIMARY KEY,                -- host, process, start and a mark of its own
    started TEXT NOT NULL,
    seen TEXT NOT NULL                      -- when it last said that it is there
) STRICT;
