// P6: what the bus itself costs before a handler does anything.
import { installPeers } from './harness/peers.ts'
import { unmeasured, verdict } from './harness/report.ts'
import { alternate, figureOf, printRounds, timesFaster } from './harness/rounds.ts'

const program = (file: string) => new URL(`dispatch/${file}`, import.meta.url)
const missing = await installPeers()
const unlessMissing = <T>(side: T): T[] => (missing ? [] : [side])

const COMMAND = 'command, three middlewares'
const FULL = 'the same, validated, memory store'
const EVENT = 'local event, two subscribers'
const NEST_COMMAND = '@nestjs/cqrs CommandBus'
const NEST_EVENT = '@nestjs/cqrs EventBus'

const commands = await alternate([
  { name: COMMAND, program: program('command-bus.ts'), arguments: ['bare'], operations: 1_000_000 },
  { name: FULL, program: program('command-bus.ts'), operations: 500_000 },
  ...unlessMissing({ name: NEST_COMMAND, program: program('nest-command-bus.mjs'), operations: 200_000 }),
])
printRounds('A command', commands)
const nanoseconds = figureOf(commands, COMMAND, ({ cpuMicroseconds }) => cpuMicroseconds) * 1000
verdict('P6', 'a command through three middlewares, ns of CPU', nanoseconds, '<= 300', nanoseconds <= 300)

const events = await alternate([
  { name: EVENT, program: program('local-events.ts'), operations: 2_000_000 },
  ...unlessMissing({ name: NEST_EVENT, program: program('nest-event-bus.mjs'), operations: 20_000 }),
])
printRounds('An event', events)
const WHAT = 'local event to two subscribers, times faster than @nestjs/cqrs'
if (missing) unmeasured('P6', WHAT, missing)
else {
  const ratio = timesFaster(events, EVENT, NEST_EVENT)
  verdict('P6', WHAT, ratio, '>= 100', ratio >= 100)
}
