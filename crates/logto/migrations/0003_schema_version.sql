-- The version of these tables, and the oldest version of the code's tables that can still use them.
CREATE TABLE IF NOT EXISTS logto_sessions_schema (
    only_row          boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version           integer NOT NULL,
    oldest_compatible integer NOT NULL
);

INSERT INTO logto_sessions_schema (version, oldest_compatible) VALUES (3, 2) ON CONFLICT DO NOTHING;

-- Every app that uses the sessions reads it.
GRANT SELECT ON logto_sessions_schema TO PUBLIC;
