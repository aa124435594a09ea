import type { AwsClients } from '../clients.ts'

/** Counts what AWS has answered, retries of the clients included, by the name of the call. */
export const countCalls = async (clients: AwsClients): Promise<Map<string, number>> => {
  const calls = new Map<string, number>()
  const counted = async <T>(name: string | undefined, call: Promise<T>): Promise<T> => {
    try {
      return await call
    } finally {
      calls.set(String(name), (calls.get(String(name)) ?? 0) + 1)
    }
  }
  const [events, queues, objects] = await Promise.all([clients.events(), clients.queues(), clients.objects()])
  // Below the retries of the client; each of the three has its own types for the same thing.
  const last = { step: 'deserialize', priority: 'high' } as const
  events.middlewareStack.add(
    (next, { commandName }) =>
      (args) =>
        counted(commandName, next(args)),
    last,
  )
  queues.middlewareStack.add(
    (next, { commandName }) =>
      (args) =>
        counted(commandName, next(args)),
    last,
  )
  objects.middlewareStack.add(
    (next, { commandName }) =>
      (args) =>
        counted(commandName, next(args)),
    last,
  )
  return calls
}
