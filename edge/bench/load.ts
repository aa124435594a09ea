import { readFile } from 'node:fs/promises'
import { Agent, get, type IncomingMessage } from 'node:http'

const CONNECTIONS = 8
const CLOCK_TICKS_PER_SECOND = 100

export interface Measured {
  readonly requestsPerSecond: number
  /** CPU of the server process for each request, in microseconds. */
  readonly cpuMicroseconds: number
  /** Answers that did not do the work: a stall outlasted the budget of a call, and a stale copy or a 503 was cheap. */
  readonly failed: number
}

export interface Target {
  readonly name: string
  readonly pid: number
  readonly port: number
  /** A path for each request, so that a bench can keep ahead of copies. */
  path(request: number): string
}

/** Keeps 8 connections busy until so many requests have been answered. */
export async function load({ pid, port, path }: Target, requests: number): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  let sent = 0
  let failed = 0
  const connection = async () => {
    while (sent < requests) if (!(await worked(agent, port, path(sent++)))) failed++
  }
  const cpuBefore = await cpuSeconds(pid)
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: CONNECTIONS }, connection))
  const seconds = (performance.now() - startedAt) / 1000
  const cpu = (await cpuSeconds(pid)) - cpuBefore
  agent.destroy()
  return { requestsPerSecond: requests / seconds, cpuMicroseconds: (cpu / requests) * 1e6, failed }
}

const worked = (agent: Agent, port: number, path: string) =>
  new Promise<boolean>((resolve, reject) => {
    get({ agent, port, path, host: '127.0.0.1' }, (response) => {
      response
        .resume()
        .on('end', () => resolve(response.statusCode === 200 && !isStale(response)))
        .on('error', reject)
    }).on('error', reject)
  })

const isStale = ({ headers }: IncomingMessage) => String(headers['cache-status']).includes('redis-unavailable')

/** User and system time; fields 14 and 15 of proc(5), counted after the name, which may hold spaces. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND
}
