-- By the id of an event what events are put in order by, so that of a list of ids the latest are found without their rows.

CREATE INDEX events_order ON events (id, reported, day);
