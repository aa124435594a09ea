// P1 and P2: one course and a list of 20 over HTTP, 32 connections, 10,000 courses.
import { installPeers } from '#bus/bench/harness/peers.ts'
import { finding, unmeasured, verdict } from '#bus/bench/harness/report.ts'
import { alternate, figureOf, printRounds, type Results, timesFaster } from '#bus/bench/harness/rounds.ts'
import { learningTables } from '#services/learning/infrastructure/postgres/tables.ts'
import { openBenchDatabase } from './database.ts'
import { fillCourses } from './read/courses.ts'

const OURS = 'learning, full middleware'
const BARE = 'Hono and postgres.js'
const NEST = 'NestJS and TypeORM'

const missing = await installPeers()
const database = await openBenchDatabase([learningTables])

const measure = (title: string, task: object, requests: number): Promise<Results> => {
  const side = (name: string, file: string, share = 1) => ({
    name,
    program: new URL(`read/${file}`, import.meta.url),
    arguments: [JSON.stringify({ url: database.url, ...task })],
    operations: requests * share,
  })
  const sides = [side(OURS, 'service-side.ts'), side(BARE, 'bare-side.ts')]
  return alternate(missing ? sides : [...sides, side(NEST, 'nest-side.mjs', 0.5)]).then((results) => {
    printRounds(title, results)
    return results
  })
}

const report = (id: string, what: string, results: Results, timesNest: number): void => {
  const share = timesFaster(results, OURS, BARE)
  verdict(id, `${what}, requests/s to ${BARE}`, share, '>= 0.85', share >= 0.85)
  const cpu = (side: string) => figureOf(results, side, ({ cpuMicroseconds }) => cpuMicroseconds)
  finding(id, `${what}, CPU to ${BARE}`, cpu(OURS) / cpu(BARE))
  finding(
    id,
    `${what}, statements`,
    figureOf(results, OURS, ({ figures }) => figures['statements each']),
  )
  const againstNest = `${what}, times ${NEST}`
  if (missing) return unmeasured(id, againstNest, missing)
  const times = timesFaster(results, OURS, NEST)
  verdict(id, againstNest, times, `>= ${timesNest}`, times >= timesNest)
}

try {
  const { tutorId, courseIds } = await fillCourses(database.url)
  const one = { tutorId, paths: courseIds.map((id) => `/v1/courses/${id}`) }
  report('P1', 'one course', await measure('One course', one, 10_000), 2.8)
  const list = { tutorId, paths: [`/v1/tutors/${tutorId}/courses`] }
  report('P2', 'a list of 20', await measure('A list of 20', list, 5_000), 2)
} finally {
  await database.close()
}
