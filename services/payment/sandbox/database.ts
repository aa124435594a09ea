import { DatabaseSync } from 'node:sqlite'

// `object` rows hold what Stripe would answer, as JSON; the other columns exist for look-ups and lists.
const schema = `
  CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    object TEXT NOT NULL,
    created INTEGER NOT NULL,
    payment_intent TEXT,
    event_type TEXT,
    data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (object, seq);
  CREATE INDEX IF NOT EXISTS objects_by_payment_intent ON objects (payment_intent, object);
  CREATE TABLE IF NOT EXISTS idempotency_keys (
    audience TEXT NOT NULL,
    key TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    parameters TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    request_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (audience, key)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS webhook_deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dropped')),
    races_request TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS webhook_deliveries_due ON webhook_deliveries (due_at) WHERE state = 'pending';
  CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    remaining INTEGER NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
`

export interface Database {
  connection: DatabaseSync
  /** Runs `work` in one transaction: committed when it returns, rolled back when it throws. Does not nest. */
  transaction<T>(work: () => T): T
  close(): void
}

export const openDatabase = (path: string): Database => {
  const connection = new DatabaseSync(path)
  // In WAL mode NORMAL loses nothing when the process is killed; FULL would only add power cuts, at an fsync a commit.
  connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;')
  connection.exec(schema)

  const transaction = <T>(work: () => T): T => {
    connection.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      connection.exec('COMMIT')
      return result
    } catch (error) {
      connection.exec('ROLLBACK')
      throw error
    }
  }
  return { connection, transaction, close: () => connection.close() }
}
