import { createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#services/kit/testing/database.ts'
import { openDatabase } from './database.ts'

const AWKWARD = ['', 'NULL', 'null', ' ', 'a,b', '{}', '"', '\\', '\\"', "it's", 'ü€😀', '\n']

let own: TestDatabase
let loginOnly: Server
const asked: Buffer[] = []
beforeAll(async () => {
  own = await createTestDatabase()
  loginOnly = createServer(goesAwayAfterTheLogin)
  await new Promise<void>((done) => loginOnly.listen(0, '127.0.0.1', done))
})
afterAll(async () => {
  await own.drop()
  await new Promise((done) => loginOnly.close(done))
})

/** AuthenticationOk, ReadyForQuery: https://www.postgresql.org/docs/17/protocol-message-formats.html */
const READY = Buffer.from('520000000800000000' + '5a0000000549', 'hex')

/** A server that goes away as soon as a session asks something. */
const goesAwayAfterTheLogin = (socket: Socket): void => {
  socket.once('data', () => {
    socket.write(READY)
    socket.once('data', (bytes) => {
      asked.push(bytes)
      socket.destroy()
    })
  })
}

const sameOf = async (array: readonly (string | number | null)[], type: string): Promise<unknown> => {
  const database = openDatabase({ url: own.url, name: 'arrays', connections: 1 })
  try {
    const [row] = await database.run(`select $1::${type} as same`, [array])
    return row?.['same']
  } finally {
    await database.close()
  }
}

test.each([[[]], [AWKWARD], [['one']]])('texts %j come back as they were sent', async (texts) => {
  expect(await sameOf(texts, 'text[]')).toEqual(texts)
})

test.each([[[]], [[0, -1, 2_147_483_647]]])('integers %j come back as they were sent', async (integers) => {
  expect(await sameOf(integers, 'int[]')).toEqual(integers)
})

test('a session asks nothing but what it is asked: no failure that nobody waits for when the server goes away', async () => {
  const address = loginOnly.address()
  if (address === null || typeof address === 'string') throw new Error('The server does not listen.')
  const database = openDatabase({ url: `postgres://a:b@127.0.0.1:${address.port}/c`, name: 'arrays', connections: 1 })
  await expect(database.run('select 42', [])).rejects.toThrow('The database is not available now')
  expect(asked.map((bytes) => bytes.includes('select 42'))).toEqual([true])
})
