// P7: what it costs to ask another service that runs in the same process.
import { verdict } from './harness/report.ts'
import { alternate, figureOf, printRounds } from './harness/rounds.ts'

const SIDE = 'request and reply in one process'
const program = new URL('request-reply/in-process.ts', import.meta.url)
const results = await alternate([{ name: SIDE, program, operations: 200_000 }])
printRounds('A request', results)
const microseconds = figureOf(results, SIDE, ({ cpuMicroseconds }) => cpuMicroseconds)
verdict('P7', 'request-reply in one process, us of CPU', microseconds, '<= 2', microseconds <= 2)
