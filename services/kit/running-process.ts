import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'

/** A process as the operating system knows it. */
export interface RunningProcess {
  /** Its short name, such as `postgres`. */
  readonly program: string
  /** When it began, in a form of the system's own: another process that gets the same id began later. */
  readonly startedAt: string
}

/**
 * The process with this id. Undefined when there is none, and when it has ended and its parent has not asked for its
 * exit code yet: in a container without an init process such ids stay in the table for ever.
 */
export const findProcess = (pid: number): Promise<RunningProcess | undefined> =>
  process.platform === 'linux' ? fromProc(pid) : fromPs(pid)

/** See proc(5): the name stands in parentheses and may hold anything; the fields behind it are counted from the state. */
const fromProc = async (pid: number): Promise<RunningProcess | undefined> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const program = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return isRunning(fields[0]) ? { program, startedAt: fields[19] ?? '' } : undefined
}

const fromPs = async (pid: number): Promise<RunningProcess | undefined> => {
  const line = readPs(pid).trim()
  const [, state, startedAt, program] = line.match(/^(\S+)\s+(\S+ +\S+ +\d+ [\d:]+ \d+)\s+(.+)$/) ?? []
  return isRunning(state) ? { program: program ?? '', startedAt: startedAt ?? '' } : undefined
}

const readPs = (pid: number): string => {
  try {
    return execFileSync('ps', ['-o', 'stat=,lstart=,comm=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

const isRunning = (state: string | undefined): boolean => state !== undefined && /^[^ZX]/.test(state)
