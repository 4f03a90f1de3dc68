-- What speech, certainty and direction of an event can be: the lists that no codebook extends. (The flow is a word of the
-- instrument, and people's codebooks bring instruments of their own.) As triggers, since SQLite adds a CHECK to a table
-- only by writing it anew, and the table that five others refer to can't be replaced within the transaction.

CREATE TRIGGER events_closed_insert BEFORE INSERT ON events
WHEN new.speech NOT IN ('statement', 'action') OR new.certainty NOT IN ('certain', 'probable', 'possible')
    OR new.direction NOT IN ('restrict', 'ease', 'support')
BEGIN
    SELECT RAISE(ABORT, 'events: speech, certainty or direction is a word that no event can have');
END;
CREATE TRIGGER events_closed_update BEFORE UPDATE OF speech, certainty, direction ON events
WHEN new.speech NOT IN ('statement', 'action') OR new.certainty NOT IN ('certain', 'probable', 'possible')
    OR new.direction NOT IN ('restrict', 'ease', 'support')
BEGIN
    SELECT RAISE(ABORT, 'events: speech, certainty or direction is a word that no event can have');
END;
