/** A name as it stands in a statement. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * What each version of the schema adds to the one before. The tables are those of the SQLite store. `visible_at` is due time,
 * retry time and end of the lease at once; null behind an earlier delivery of the same person.
 *
 * Order of a key: whoever puts or settles deliveries with keys first takes a lock per key, in a statement of its own, since
 * each statement of a volatile function sees what was committed before it began. Without it heads are promoted twice or never.
 */
export const migrations: readonly ((schema: string) => string)[] = [
  (s) => `
CREATE FUNCTION ${s}.now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS
  $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint $$;

CREATE TABLE ${s}.connection (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE ${s}.lane (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, connection int NOT NULL, subscription text NOT NULL,
  UNIQUE (connection, subscription));
CREATE TABLE ${s}.hold (connection text NOT NULL, subscription text, until bigint NOT NULL, because text);
CREATE SEQUENCE ${s}.event_id CACHE 100;
CREATE TABLE ${s}.event (id bigint PRIMARY KEY, refs int NOT NULL, body text NOT NULL) WITH (
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
CREATE TABLE ${s}.job (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event bigint NOT NULL, lane int NOT NULL, delivery_id text NOT NULL,
  message_id text, key text, visible_at bigint, not_before bigint NOT NULL, received_at bigint NOT NULL,
  first_attempt_at bigint NOT NULL, attempt int NOT NULL, lease bigint, unknown boolean NOT NULL DEFAULT false, history text)
  WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX job_ready ON ${s}.job (lane, visible_at, seq) WHERE visible_at IS NOT NULL;
CREATE INDEX job_key ON ${s}.job (key, seq) WHERE key IS NOT NULL;
CREATE INDEX job_message ON ${s}.job (message_id) WHERE message_id IS NOT NULL;
CREATE TABLE ${s}.dead (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event bigint NOT NULL, lane int NOT NULL, delivery_id text NOT NULL,
  message_id text, key text, received_at bigint NOT NULL, first_attempt_at bigint NOT NULL, attempt int NOT NULL,
  history text, unknown boolean NOT NULL, reason text NOT NULL, outcome text NOT NULL, died_at bigint NOT NULL);
CREATE INDEX dead_lane ON ${s}.dead (lane, id);
CREATE INDEX dead_key ON ${s}.dead (key, id) WHERE key IS NOT NULL;
CREATE INDEX dead_message ON ${s}.dead (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX dead_died ON ${s}.dead (died_at);
CREATE TABLE ${s}.dead_count (lane int NOT NULL, reason text NOT NULL, count bigint NOT NULL, PRIMARY KEY (lane, reason));
CREATE TABLE ${s}.seen (slot int NOT NULL, id text NOT NULL, PRIMARY KEY (slot, id)) PARTITION BY LIST (slot);
CREATE TABLE ${s}.seen_0 PARTITION OF ${s}.seen FOR VALUES IN (0);
CREATE TABLE ${s}.seen_1 PARTITION OF ${s}.seen FOR VALUES IN (1);
CREATE TABLE ${s}.seen_2 PARTITION OF ${s}.seen FOR VALUES IN (2);
CREATE TABLE ${s}.state (key text PRIMARY KEY, value text NOT NULL);
CREATE TABLE ${s}.bucket (name text PRIMARY KEY, tokens float8 NOT NULL, at bigint NOT NULL) WITH (fillfactor = 50);

CREATE FUNCTION ${s}.be_durable() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  IF current_setting('synchronous_commit') = 'off' THEN PERFORM set_config('synchronous_commit', 'on', true); END IF;
END $$;

CREATE FUNCTION ${s}.lock_keys(p_keys text[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  PERFORM pg_advisory_xact_lock(h) FROM
    (SELECT DISTINCT hashtextextended(k, ${`hashtext('${s.replaceAll("'", "''")}')`}) h FROM unnest(p_keys) k WHERE k IS NOT NULL ORDER BY 1) x;
END $$;

CREATE FUNCTION ${s}.put(
  p_bodies text[], p_events int[], p_lanes int[], p_ids text[], p_messages text[], p_keys text[], p_received bigint[],
  p_first bigint[], p_attempts int[], p_histories text[], p_names text[], p_delays bigint[], p_dedupe bigint)
RETURNS SETOF int LANGUAGE plpgsql AS $$
DECLARE
  v_now bigint := ${s}.now_ms();
  v_slot int := (v_now / p_dedupe) % 3;
  v_old int := (v_now / p_dedupe + 2) % 3;
  v_named bigint[];
  v_fresh bigint[];
BEGIN
  PERFORM ${s}.be_durable();
  IF array_remove(p_keys, NULL) <> '{}' THEN PERFORM ${s}.lock_keys(p_keys); END IF;
  IF array_remove(p_names, NULL) <> '{}' THEN
    WITH n AS (SELECT name, min(e) first FROM unnest(p_names, p_events) t(name, e) WHERE name IS NOT NULL GROUP BY name),
    i AS (INSERT INTO ${s}.seen (slot, id) SELECT v_slot, name FROM n
      WHERE NOT EXISTS (SELECT 1 FROM ${s}.seen x WHERE x.slot = v_old AND x.id = name) ORDER BY name
      ON CONFLICT DO NOTHING RETURNING id)
    SELECT coalesce(array_agg(o), '{}') INTO v_named FROM unnest(p_names, p_events) WITH ORDINALITY t(name, e, o)
      LEFT JOIN n USING (name) LEFT JOIN i ON i.id = t.name
      WHERE t.name IS NULL OR (i.id IS NOT NULL AND t.e = n.first);
  END IF;
  WITH src AS (SELECT id, min(o) o FROM unnest(p_ids) WITH ORDINALITY t(id, o)
      WHERE v_named IS NULL OR o = ANY (v_named) GROUP BY id),
  i AS (INSERT INTO ${s}.seen (slot, id) SELECT v_slot, id FROM src
    WHERE NOT EXISTS (SELECT 1 FROM ${s}.seen x WHERE x.slot = v_old AND x.id = src.id) ORDER BY id
    ON CONFLICT DO NOTHING RETURNING id)
  SELECT coalesce(array_agg(src.o), '{}') INTO v_fresh FROM src JOIN i USING (id);
  v_now := ${s}.now_ms();
  WITH f AS MATERIALIZED (
    SELECT t.* FROM unnest(p_events, p_lanes, p_ids, p_messages, p_keys, p_received, p_first, p_attempts, p_histories, p_delays)
      WITH ORDINALITY t(e, lane, id, message, key, received, first, attempt, history, delay, o)
      JOIN unnest(v_fresh) x(o) USING (o)),
  e AS MATERIALIZED (SELECT e, nextval('${s.replaceAll("'", "''")}.event_id') id, count(*) refs FROM f GROUP BY e),
  b AS (INSERT INTO ${s}.event (id, refs, body)
    SELECT e.id, e.refs, t.body FROM e JOIN unnest(p_bodies) WITH ORDINALITY t(body, o) ON t.o = e.e)
  INSERT INTO ${s}.job (event, lane, delivery_id, message_id, key, visible_at, not_before, received_at, first_attempt_at,
    attempt, history)
  SELECT e.id, f.lane, substr(f.id, strpos(f.id, ':') + 1), f.message, f.key,
    CASE WHEN f.key IS NULL OR (row_number() OVER (PARTITION BY f.key ORDER BY f.o) = 1
      AND NOT EXISTS (SELECT 1 FROM ${s}.job j WHERE j.key = f.key)) THEN v_now + f.delay END,
    v_now + f.delay, f.received, f.first, f.attempt, f.history
  FROM f JOIN e ON e.e = f.e ORDER BY f.o;
  RETURN QUERY SELECT o::int FROM generate_subscripts(p_ids, 1) o WHERE NOT o = ANY (v_fresh);
END $$;

CREATE FUNCTION ${s}.heads() RETURNS TABLE (head_lane int, head_at bigint, now bigint) LANGUAGE sql VOLATILE AS $$
  WITH RECURSIVE h AS (
    (SELECT lane, visible_at FROM ${s}.job WHERE visible_at IS NOT NULL ORDER BY lane, visible_at LIMIT 1)
    UNION ALL
    SELECT n.* FROM h, LATERAL (SELECT lane, visible_at FROM ${s}.job
      WHERE lane > h.lane AND visible_at IS NOT NULL ORDER BY lane, visible_at LIMIT 1) n)
  SELECT lane, visible_at, (SELECT ${s}.now_ms()) FROM h $$;

CREATE FUNCTION ${s}.claim(p_lanes int[], p_counts int[], p_lease_ms bigint, p_token bigint)
RETURNS TABLE (seq bigint, lane int, delivery_id text, key text, received_at bigint, first_attempt_at bigint, attempt int,
  unknown boolean, history text, until bigint, event bigint, body text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE v_now bigint := ${s}.now_ms();
BEGIN
  PERFORM ${s}.be_durable();
  RETURN QUERY WITH c AS MATERIALIZED (
    SELECT x.* FROM unnest(p_lanes, p_counts) t(l, n) CROSS JOIN LATERAL (
      SELECT q.seq, q.lease FROM ${s}.job q WHERE q.lane = t.l AND q.visible_at <= v_now
      ORDER BY q.visible_at, q.seq LIMIT t.n FOR UPDATE SKIP LOCKED) x)
  UPDATE ${s}.job j SET visible_at = v_now + p_lease_ms, attempt = j.attempt + 1, lease = p_token,
    unknown = j.unknown OR c.lease IS NOT NULL,
    first_attempt_at = CASE WHEN j.attempt = 0 THEN v_now ELSE j.first_attempt_at END
  FROM c, ${s}.event e WHERE j.seq = c.seq AND e.id = j.event
  RETURNING j.seq, j.lane, j.delivery_id, j.key, j.received_at, j.first_attempt_at, j.attempt, j.unknown, j.history,
    j.visible_at, e.id, e.body;
END $$;

CREATE FUNCTION ${s}.promote(p_keys text[]) RETURNS void LANGUAGE sql VOLATILE AS $$
  UPDATE ${s}.job j SET visible_at = greatest(${s}.now_ms(), j.not_before)
  FROM (SELECT (SELECT q.seq FROM ${s}.job q WHERE q.key = k ORDER BY q.seq LIMIT 1) h FROM unnest(p_keys) k) h
  WHERE j.seq = h.h AND j.visible_at IS NULL $$;

CREATE FUNCTION ${s}.drop_references(p_events bigint[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM ${s}.event WHERE id = ANY (p_events) AND refs = 1;
  -- The rest is shared: two that end at once must see one another, so each locks before it looks.
  PERFORM 1 FROM ${s}.event WHERE id = ANY (p_events) ORDER BY id FOR UPDATE;
  IF FOUND THEN
    UPDATE ${s}.event e SET refs = e.refs - x.n FROM (SELECT id, count(*) n FROM unnest(p_events) id GROUP BY id) x
      WHERE e.id = x.id;
    DELETE FROM ${s}.event WHERE id = ANY (p_events) AND refs <= 0;
  END IF;
END $$;

CREATE FUNCTION ${s}.settle(p_seqs bigint[], p_leases bigint[], p_kinds int[], p_afters bigint[], p_unknown boolean[],
  p_records text[], p_reasons text[], p_outcomes text[]) RETURNS SETOF bigint LANGUAGE plpgsql AS $$
DECLARE v_now bigint; v_keys text[]; v_ok bigint[]; v_events bigint[];
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  SELECT array_agg(DISTINCT j.key) INTO v_keys FROM ${s}.job j WHERE j.seq = ANY (p_seqs) AND j.key IS NOT NULL;
  IF v_keys IS NOT NULL THEN PERFORM ${s}.lock_keys(v_keys); END IF;
  v_now := ${s}.now_ms();
  WITH t AS MATERIALIZED (SELECT * FROM unnest(p_seqs, p_leases, p_kinds, p_afters, p_unknown, p_records, p_reasons, p_outcomes)
    t(seq, lease, kind, after, maybe, record, reason, outcome)),
  l AS MATERIALIZED (SELECT j.seq FROM ${s}.job j JOIN t ON t.seq = j.seq AND t.lease = j.lease ORDER BY j.seq FOR UPDATE OF j),
  u AS (UPDATE ${s}.job j SET visible_at = v_now + t.after, lease = NULL, unknown = j.unknown OR t.maybe,
      attempt = CASE WHEN t.kind = 3 THEN j.attempt - 1 ELSE j.attempt END,
      history = CASE WHEN t.record IS NULL THEN j.history
        ELSE '[' || coalesce(substr(j.history, 2, length(j.history) - 2) || ',', '') || t.record || ']' END
    FROM t, l WHERE l.seq = t.seq AND t.kind IN (1, 3) AND j.seq = t.seq RETURNING j.seq),
  d AS (DELETE FROM ${s}.job j USING t, l WHERE l.seq = t.seq AND t.kind IN (0, 2) AND j.seq = t.seq
    RETURNING j.*, t.kind, t.reason, t.outcome, t.maybe),
  b AS (INSERT INTO ${s}.dead (event, lane, delivery_id, message_id, key, received_at, first_attempt_at, attempt, history,
      unknown, reason, outcome, died_at)
    SELECT event, lane, delivery_id, message_id, key, received_at, first_attempt_at, attempt, history, maybe, reason, outcome,
      v_now FROM d WHERE kind = 2),
  c AS (INSERT INTO ${s}.dead_count SELECT lane, reason, count(*) FROM d WHERE kind = 2 GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (lane, reason) DO UPDATE SET count = dead_count.count + excluded.count)
  SELECT array_agg(x.seq), array_agg(x.event) FILTER (WHERE x.event IS NOT NULL) INTO v_ok, v_events FROM (
    SELECT u.seq, NULL::bigint event FROM u UNION ALL SELECT d.seq, CASE WHEN d.kind = 0 THEN d.event END FROM d) x;
  IF v_events IS NOT NULL THEN PERFORM ${s}.drop_references(v_events); END IF;
  IF v_keys IS NOT NULL THEN PERFORM ${s}.promote(v_keys); END IF;
  RETURN QUERY SELECT unnest(v_ok);
END $$;

CREATE FUNCTION ${s}.take_tokens(p_name text, p_count int, p_per_second float8, p_burst float8)
RETURNS TABLE (granted int, tokens_left float8) LANGUAGE plpgsql AS $$
DECLARE v_now bigint := ${s}.now_ms(); v_tokens float8; v_granted int;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  INSERT INTO ${s}.bucket VALUES (p_name, p_burst, v_now) ON CONFLICT DO NOTHING;
  SELECT least(p_burst, b.tokens + greatest(0, v_now - b.at) / 1000.0 * p_per_second) INTO v_tokens
    FROM ${s}.bucket b WHERE b.name = p_name FOR UPDATE;
  v_granted := greatest(0, least(p_count, floor(v_tokens)::int));
  UPDATE ${s}.bucket b SET tokens = v_tokens - v_granted, at = greatest(v_now, b.at) WHERE b.name = p_name;
  RETURN QUERY SELECT v_granted, v_tokens - v_granted;
END $$;
`,
]
