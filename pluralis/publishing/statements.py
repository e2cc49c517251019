"""What every part passes on its road, in SQL: a burst is paid for in round trips and planned queries."""

NEXT_DUE = """
  SELECT p.id
    FROM publishing_part p
   WHERE p.account_id = (SELECT account_id FROM publishing_part WHERE id = %(part)s)
     AND p.state = 'waiting' AND p.due_at <= statement_timestamp() AND p.id <> ALL (%(passed)s::uuid[])
     AND NOT EXISTS (SELECT FROM publishing_part b WHERE b.account_id = p.account_id AND b.state = 'sending')
     AND (p.position = 0 OR EXISTS (
           SELECT FROM publishing_part before
            WHERE before.delivery_id = p.delivery_id AND before.position = p.position - 1
              AND before.state IN ('sent', 'refused', 'cancelled', 'deleted')))
   ORDER BY p.is_reply DESC, p.due_at, p.position, p.id
   LIMIT %(most)s
"""

TO_WAKE = """
  SELECT p.id, p.due_at
    FROM publishing_part p
   WHERE p.account_id = %(account)s AND p.state = 'waiting' AND p.due_at <= %(until)s
     AND (p.position = 0 OR EXISTS (
           SELECT FROM publishing_part before
            WHERE before.delivery_id = p.delivery_id AND before.position = p.position - 1 AND before.state = 'sent'))
   ORDER BY p.is_reply DESC, p.due_at, p.position, p.id
   LIMIT 1
"""

# The account is not locked FOR UPDATE: whoever holds the part and commits a new reference to the account would wait
# for us, and we for the part. How long a lock is waited for is set before either is asked for.
LOCK = """
  SELECT a.id FROM teams_account a JOIN publishing_part p ON p.account_id = a.id
   WHERE p.id = %(part)s AND (SELECT set_config('lock_timeout', %(wait)s, true)) IS NOT NULL
  FOR NO KEY UPDATE OF a FOR UPDATE OF p
"""

# A statement of its own behind the locks: one that waited for them would still see what stood before. The attempt's
# lock is held by another session of ours; that it can be had here says that that session is gone.
SITUATION = """
  SELECT clock_timestamp() AS now, (SELECT NOT pg_try_advisory_xact_lock(%(lock)s)) AS owned,
         p.state, p.due_at, p.planned_at, p.is_reply, p.protocol,
         p.text, p.segment_id, p.card_id, p.tries, p.first_claimed_at, post.revision,
         d.missed_policy, d.late_limit, d.post_revision = post.revision AS unchanged,
         a.connected, a.paused_at IS NOT NULL AS paused, a.quarantined_at IS NOT NULL AS quarantined,
         EXISTS (SELECT FROM publishing_stoporder s WHERE s.team_id = p.team_id AND s.lifted_at IS NULL) AS stopped,
         EXISTS (SELECT FROM publishing_part b WHERE b.account_id = p.account_id AND b.state = 'sending') AS busy,
         before.state AS before_state, before.sent_at AS before_sent_at, c.updated_at AS keys_of
    FROM publishing_part p
    JOIN publishing_delivery d ON d.id = p.delivery_id
    JOIN posts_post post ON post.id = d.post_id
    JOIN teams_account a ON a.id = p.account_id
    LEFT JOIN teams_credential c ON c.account_id = p.account_id
    LEFT JOIN publishing_part before ON before.delivery_id = p.delivery_id AND before.position = p.position - 1
   WHERE p.id = %(part)s
"""

# The account's next part, in the transaction that records the one before it: whoever else is at either goes first.
LOCK_IF_FREE = LOCK.rstrip().replace("OF a", "OF a SKIP LOCKED").replace("OF p", "OF p SKIP LOCKED")

CLAIM = """
  WITH claimed AS (
         UPDATE publishing_part
            SET state = 'sending', token = %(token)s, claimed_at = %(now)s, tries = tries + 1,
                first_claimed_at = coalesce(first_claimed_at, %(now)s), reason = '', hold_reason = ''
          WHERE id = %(part)s AND state = 'waiting'
      RETURNING id, team_id),
       tried AS (
         INSERT INTO publishing_attempt (team_id, part_id, token, worker, at)
         SELECT team_id, id, %(token)s, %(worker)s, %(now)s FROM claimed
      RETURNING id),
       noted AS (
         INSERT INTO teams_change (team_id, topics) SELECT team_id, %(topics)s::jsonb FROM claimed RETURNING team_id)
  SELECT tried.id, pg_notify(%(channel)s, noted.team_id::text) FROM tried, noted
"""

APPEND_AND_LOOK = """
  WITH appended AS (
         INSERT INTO publishing_attemptresult (team_id, attempt_id, outcome, detail, at)
         VALUES (%(team)s, %(attempt)s, %(outcome)s, %(detail)s::jsonb, clock_timestamp()))
  SELECT clock_timestamp() AS now, state, token, in_doubt, tries FROM publishing_part WHERE id = %(part)s FOR UPDATE
"""

# With the thread's next part, which may come now. Nothing is done to a part that is no longer as it was known.
SETTLE = """
  WITH settled AS (
         UPDATE publishing_part
            SET state = 'sent', sent_at = coalesce(%(sent_at)s, %(now)s, statement_timestamp()),
                remote_id = %(remote_id)s, remote = %(remote)s::jsonb, url = %(url)s,
                reason = %(reason)s, hold_reason = '', look_again_at = NULL, in_doubt = false
          WHERE id = %(part)s AND state = %(state)s AND token IS NOT DISTINCT FROM %(token)s
      RETURNING id, team_id, sent_at, coalesce(%(now)s, statement_timestamp()) AS now),
       audited AS (
         INSERT INTO teams_auditentry (team_id, action, object_type, object_id, data, at)
         SELECT team_id, 'publishing.part.sent', 'part', id, %(data)s::jsonb, now FROM settled),
       noted AS (
         INSERT INTO teams_change (team_id, topics) SELECT team_id, %(topics)s::jsonb FROM settled RETURNING team_id),
       following AS (
         UPDATE publishing_part p SET due_at = greatest(p.planned_at, settled.now) FROM settled
          WHERE p.delivery_id = %(delivery)s AND p.position = %(position)s + 1 AND p.state = 'waiting'
      RETURNING p.id)
  SELECT settled.sent_at, settled.now, (SELECT id FROM following) AS following,
         pg_notify(%(channel)s, settled.team_id::text)
    FROM settled, noted
"""

# Both in one: what is appended there, in front of what is written here.
APPEND_AND_SETTLE = APPEND_AND_LOOK.rpartition("\n  SELECT")[0] + "," + SETTLE.replace("  WITH ", "       ", 1)
