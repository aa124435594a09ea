// P7: what it costs to ask another service that runs in the same process, and when calls without an answer are settled.
import { verdict } from './harness/report.ts'
import { alternate, figureOf, printRounds } from './harness/rounds.ts'

const SIDE = 'request and reply in one process'
const SETTLING = '10,000 calls at once, 1 % lost'
const program = (file: string) => new URL(`request-reply/${file}`, import.meta.url)

const results = await alternate([{ name: SIDE, program: program('in-process.ts'), operations: 200_000 }])
printRounds('A request', results)
const microseconds = figureOf(results, SIDE, ({ cpuMicroseconds }) => cpuMicroseconds)
verdict('P7', 'request-reply in one process, us of CPU', microseconds, '<= 2', microseconds <= 2)

const settled = await alternate([{ name: SETTLING, program: program('settling-side.ts'), operations: 10_000 }])
printRounds('Settling', settled)
const lateMs = figureOf(settled, SETTLING, ({ figures }) => figures['ms after the deadline'])
verdict('P7', 'last of 10,000 calls settled, ms after the deadline', lateMs, '<= 50', lateMs <= 50)
