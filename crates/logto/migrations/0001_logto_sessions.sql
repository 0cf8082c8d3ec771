-- Sessions of logto. The content of a row is sealed; `sub` and `sid` are there to end the sessions of a user or of a browser.
CREATE TABLE IF NOT EXISTS logto_sessions (
    id      text   PRIMARY KEY,
    version bigint NOT NULL,
    sealed  text   NOT NULL,
    sub     text   NOT NULL,
    sid     text,
    -- Seconds since the Unix epoch.
    expires bigint NOT NULL
);

CREATE INDEX IF NOT EXISTS logto_sessions_sub ON logto_sessions (sub);
CREATE INDEX IF NOT EXISTS logto_sessions_sid ON logto_sessions (sid) WHERE sid IS NOT NULL;
CREATE INDEX IF NOT EXISTS logto_sessions_expires ON logto_sessions (expires);
