import { z } from 'zod'
import { escapeControls } from './control-characters.ts'

const Line = z.looseObject({
  time: z.string(),
  level: z.string(),
  service: z.string(),
  msg: z.string().default(''),
  err: z.looseObject({ type: z.string(), message: z.string(), stack: z.string().optional() }).optional(),
})

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

const field = ([name, value]: readonly [string, unknown]): string => {
  const text = textOf(value)
  return escapeControls(`${name}=${/[\s"=]/.test(text) && typeof value === 'string' ? JSON.stringify(text) : text}`)
}

/** Indented, so that no line of a message can pass for a line of the log. */
const indent = (text: string): string =>
  text
    .split('\n')
    .map((line) => `\n    ${escapeControls(line.trim())}`)
    .join('')

/** One readable line from a line of JSON: `06:12:38.123 INFO  learning  request  status=200`, a stack indented below. */
export const prettyLine = (json: string): string => {
  const { time, level, service, msg, err, ...fields } = Line.parse(JSON.parse(json))
  const head = `${time.slice(11, 23)} ${level.toUpperCase().padEnd(5)} ${service.padEnd(10)} ${escapeControls(msg)}`
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)
  const tail = given.length === 0 ? '' : `  ${given.map(field).join(' ')}`
  const stack = err === undefined ? '' : indent(err.stack ?? `${err.type}: ${err.message}`)
  return `${head}${tail}${stack}\n`
}
