-- Each row belongs to one app: apps of one tenant have the same users, and may share a table.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_attribute
        WHERE attrelid = to_regclass('logto_sessions') AND attname = 'app' AND NOT attisdropped
    ) THEN
        RETURN;
    END IF;
    ALTER TABLE logto_sessions ADD COLUMN app text;
    -- Earlier rows go to the app that `SET logto.app = 'app-id'` names; another app could not open them.
    UPDATE logto_sessions SET app = coalesce(current_setting('logto.app', true), '');
    ALTER TABLE logto_sessions ALTER COLUMN app SET NOT NULL;
    ALTER TABLE logto_sessions DROP CONSTRAINT logto_sessions_pkey;
    ALTER TABLE logto_sessions ADD PRIMARY KEY (app, id);
    DROP INDEX logto_sessions_sub, logto_sessions_sid, logto_sessions_expires;
    CREATE INDEX logto_sessions_sub ON logto_sessions (app, sub);
    CREATE INDEX logto_sessions_sid ON logto_sessions (app, sid) WHERE sid IS NOT NULL;
    CREATE INDEX logto_sessions_expires ON logto_sessions (app, expires);
END
$$;
