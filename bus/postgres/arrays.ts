import { makePgArray } from 'drizzle-orm/pg-core'
import { parse } from 'postgres-array'

const arrays = <Item>(oid: number, toItem: (text: string) => Item) => ({
  to: oid,
  from: [oid],
  // drizzle sends what its columns made of arrays already.
  serialize: (items: readonly (Item | null)[] | string) =>
    typeof items === 'string' ? items : makePgArray([...items]),
  parse: (text: string) => parse(text, toItem),
})

/**
 * The types of arrays that statements use, by the numbers that PostgreSQL has built in, and no question for them after
 * each connect: postgres.js asks one that nobody waits for, whose failure, when the server goes away in this moment,
 * would end the process.
 */
export const ARRAYS = {
  fetch_types: false,
  types: { integers: arrays(1007, Number), texts: arrays(1009, String) },
} as const
