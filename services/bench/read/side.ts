import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { serveRounds } from '#bus/bench/harness/side.ts'
import { Done, type Order } from './order.ts'

const CONNECTIONS = 32

/** What every side is told: the owner's URL of the database, whose courses to serve, and what to ask for. */
export const Task = z.object({
  url: z.string(),
  tutorId: z.templateLiteral(['usr_', z.string()]),
  paths: z.array(z.string()),
})

/** The task of this side. */
export const taskOf = (): z.infer<typeof Task> => Task.parse(JSON.parse(process.argv[2] ?? ''))

/** Serves rounds of requests to a server in this process; they come from a process of their own. */
export const serveRequests = (server: {
  readonly port: number
  readonly paths: readonly string[]
  readonly token?: string
  /** Statements sent so far. */
  readonly statements?: () => number
}): void => {
  const load = fork(fileURLToPath(new URL('load.ts', import.meta.url)))
  const { port, paths, token = 'none', statements } = server
  serveRounds({
    run: async (requests): Promise<Record<string, number>> => {
      const before = statements?.()
      load.send({ port, paths: [...paths], token, requests, connections: CONNECTIONS } satisfies Order)
      const [answer] = await Promise.race([once(load, 'message'), once(load, 'exit')])
      const { failed } = Done.parse(answer)
      return {
        ...(statements && before !== undefined && { 'statements each': (statements() - before) / requests }),
        ...(failed > 0 && { failed }),
      }
    },
  })
}
