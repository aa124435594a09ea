// Redis of the bench in a process of its own, so that its CPU is nobody else's: prints its port.
import { serve } from '@hono/node-server'
import { rebuild } from '#edge/read-models/rebuild.ts'
import { courseView } from '#edge/read-models/testing/course-view.ts'
import { tableSource } from '#edge/read-models/testing/table-source.ts'
import { createEngine } from '#services/kit/redis/engine.ts'
import { restDoor } from '#services/kit/redis/rest-door.ts'

const redis = createEngine({ now: () => performance.now() })
const courses = Array.from({ length: Number(process.argv[2]) }, (_, n) => courseView(n))
await rebuild(redis, tableSource(courses), 'bench')
const door = restDoor({ redis, tokens: { write: 'writes', readOnly: 'reads' } })
serve({ fetch: door.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => console.log(port))
