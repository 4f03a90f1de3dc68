-- Which run is fetching which page, so that two crawls at once do not fetch a page twice. A claim ends with its
-- run, and is void as soon as the run's process is gone.

CREATE TABLE claims (
    url TEXT PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES runs (id)
) STRICT;
CREATE INDEX claims_run ON claims (run_id);
