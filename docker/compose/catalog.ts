// The catalog Worker in workerd with the REST door of Redis that it reads; production has both from their vendors.
import { randomUUID } from 'node:crypto'
import { startCatalogWorker } from '#edge/catalog/workerd.ts'
import { openRestDoor } from '#services/embedded/stores.ts'
import { loadConfig } from '#services/kit/config.ts'
import { connectRedis } from '#services/kit/redis/server.ts'
import { CatalogConfig } from './config.ts'
import { runUntilStopped } from './run.ts'

await runUntilStopped(async (stack) => {
  const config = loadConfig(CatalogConfig)
  const redis = connectRedis({ url: config.REDIS_URL })
  stack.defer(() => redis.close())
  // The door is on the loopback of this container, and nobody writes through it.
  const tokens = { write: randomUUID(), readOnly: randomUUID() }
  const door = await openRestDoor(redis, tokens, [])
  stack.defer(door.close)
  const worker = await startCatalogWorker({
    redisUrl: door.url,
    redisToken: tokens.readOnly,
    cursorSecret: config.CURSOR_SECRET,
    port: config.PORT,
    hostname: config.HOST,
  })
  stack.defer(() => worker.stop())
  return `The catalog listens on ${config.HOST}:${worker.port}.`
})
