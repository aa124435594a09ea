// P7: what it costs to ask another service, by lane, and when calls without an answer are settled.
import { finding, unmeasured, verdict } from './harness/report.ts'
import { awsEndpoint } from '../transports/aws/testing/emulator.ts'
import { alternate, figureOf, printRounds } from './harness/rounds.ts'

const SIDE = 'request and reply in one process'
const SETTLING = '10,000 calls at once, 1 % lost'
const program = (file: string) => new URL(`request-reply/${file}`, import.meta.url)

const results = await alternate([{ name: SIDE, program: program('in-process.ts'), operations: 200_000 }])
printRounds('A request', results)
const microseconds = figureOf(results, SIDE, ({ cpuMicroseconds }) => cpuMicroseconds)
verdict('P7', 'request-reply in one process, us of CPU', microseconds, '<= 2', microseconds <= 2)

const HTTP = 'between processes over HTTP'
const http = await alternate([{ name: HTTP, program: program('lane-side.ts'), arguments: ['http'], operations: 4_000 }])
printRounds('A round trip', http)
const httpMicroseconds = figureOf(http, HTTP, ({ figures }) => figures['us p50'])
verdict('P7', 'round trip over HTTP, us p50', httpMicroseconds, '<= 260', httpMicroseconds <= 260)

const SQS = 'between processes through queues'
if (awsEndpoint === undefined) unmeasured('P7', 'round trip through queues', 'AWS_ENDPOINT_URL names no queue service')
else {
  const sqs = await alternate([{ name: SQS, program: program('lane-side.ts'), arguments: ['sqs'], operations: 200 }])
  printRounds('A round trip', sqs)
  finding(
    'P7',
    'round trip through the emulated queues, us p50',
    figureOf(sqs, SQS, ({ figures }) => figures['us p50']),
  )
}

const settled = await alternate([{ name: SETTLING, program: program('settling-side.ts'), operations: 10_000 }])
printRounds('Settling', settled)
const lateMs = figureOf(settled, SETTLING, ({ figures }) => figures['ms after the deadline'])
verdict('P7', 'last of 10,000 calls settled, ms after the deadline', lateMs, '<= 50', lateMs <= 50)
