import { adminLogin, type Login } from '../client/credentials.ts'
import { gatherCourses } from './gather-courses.ts'
import { ClientFailure } from '../client/client-failure.ts'
import type { Patience } from '../client/persistent-fetch.ts'
import { type PlatformClient, signIn } from './platform-client.ts'
import { showProgress } from './progress.ts'
import type { PlacedItem } from './repeated-courses.ts'
import { nothingSent, type Sent, sendCourses } from './send-courses.ts'
import { summaryLines } from './summary.ts'
import type { Terminal } from '../client/terminal.ts'

export type ImportOptions = {
  files: readonly string[]
  baseUrl: URL
  dataDirectory: string
  login?: Login
  language?: string
}

export type Surroundings = { terminal: Terminal; runId: string; wait: Patience['wait']; now: () => number }

/** Loads the courses of all files and reports; the exit code is 0 when everything was loaded or reported, else 1. */
export async function importCourses(options: ImportOptions, surroundings: Surroundings): Promise<0 | 1> {
  const { terminal, now } = surroundings
  const startedAt = now()
  const gathered = await gatherCourses(options.files, options.language)
  const sent = await send(gathered.courses, options, surroundings)
  const report = { gathered, sent, seconds: (now() - startedAt) / 1000 }
  for (const line of summaryLines(report)) terminal.out(line)
  return sent.unsent.length > 0 || gathered.problems.length > 0 ? 1 : 0
}

async function send(courses: readonly PlacedItem[], options: ImportOptions, surroundings: Surroundings): Promise<Sent> {
  if (courses.length === 0) return nothingSent()
  const client = await connect(options, surroundings)
  if (client instanceof ClientFailure)
    return { ...nothingSent(), unsent: courses.map((item) => ({ item, reason: client.message })) }
  const progress = showProgress(surroundings.terminal, courses.length)
  const sent = await sendCourses(client, courses, progress.advance)
  progress.end()
  return sent
}

async function connect(options: ImportOptions, surroundings: Surroundings): Promise<PlatformClient | ClientFailure> {
  try {
    const login = options.login ?? (await adminLogin(options.dataDirectory))
    return await signIn(options.baseUrl, login, surroundings)
  } catch (error) {
    if (error instanceof ClientFailure) return error
    throw error
  }
}
