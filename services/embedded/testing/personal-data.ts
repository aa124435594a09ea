import postgres from 'postgres'
import { z } from 'zod'
import { type Redis, RedisError } from '#services/kit/redis/redis.ts'

const Tables = z.array(z.object({ schema: z.string(), name: z.string() }))

/** The tables of the platform with a row in which one of the values stands. */
export const tablesHolding = async (databaseUrl: string, values: readonly string[]): Promise<string[]> => {
  const sql = postgres(databaseUrl, { max: 1 })
  try {
    const found: string[] = []
    const tables = Tables.parse(
      await sql`select table_schema as schema, table_name as name from information_schema.tables
        where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
    )
    for (const { schema, name } of tables) {
      const rows = await sql`select 1 from ${sql(schema)}.${sql(name)} t
        where exists (select 1 from unnest(${sql.array([...values])}::text[]) v where strpos(t::text, v) > 0) limit 1`
      if (rows.length > 0) found.push(`${schema}.${name}`)
    }
    return found.toSorted()
  } finally {
    await sql.end()
  }
}

/** What stands under a key, whatever its kind. */
const READS = ['GET', 'HGETALL'] as const

/** Those of the keys under which one of the values stands. */
export const keysHolding = async (
  redis: Redis,
  keys: Iterable<string>,
  values: readonly string[],
): Promise<string[]> => {
  const found: string[] = []
  for (const key of keys)
    for (const command of READS) {
      const text = await redis.command(command, key).then(
        (reply) => JSON.stringify(reply) ?? '',
        (error: unknown) => {
          // Of the other kind.
          if (error instanceof RedisError) return ''
          throw error
        },
      )
      const isThere = text !== '' && text !== 'null' && text !== '[]'
      if (isThere && values.some((value) => text.includes(value) || key.includes(value))) found.push(key)
    }
  return found
}
