import { destination, pino, stdTimeFunctions } from 'pino'
import type { HostConfig } from './config.ts'
import { escapeInJson } from './logging/control-characters.ts'
import { prettyLine } from './logging/pretty.ts'
import { redactFields, redactText } from './logging/redact.ts'

/** One level of a logger: the message, or what belongs to it and then the message. */
export interface Log {
  (message: string): void
  (fields: object, message?: string): void
}

export interface Logger {
  readonly trace: Log
  readonly debug: Log
  readonly info: Log
  readonly warn: Log
  readonly error: Log
  /** A logger whose every line carries these fields. */
  child(fields: object): Logger
}

export interface LoggerOptions {
  readonly level: HostConfig['LOG_LEVEL']
  /** Stands in every line. */
  readonly service: string
  /** Compact lines for people in place of JSON; false by default. */
  readonly pretty?: boolean
  /** Takes whole lines; the standard output by default, written without blocking and flushed when the process exits. */
  readonly write?: (line: string) => void
}

/** Everything is redacted on its way in, because pino has no hook for messages and for the fields of child loggers. */
const redacting =
  (logger: pino.Logger, level: Exclude<keyof Logger, 'child'>): Log =>
  (first: object | string, message?: string) => {
    if (!logger.isLevelEnabled(level)) return
    if (typeof first === 'string') logger[level](redactText(first))
    else if (first instanceof Error) logger[level](redactFields({ err: first }), redactText(message ?? first.message))
    else logger[level](redactFields(first), message && redactText(message))
  }

const narrow = (logger: pino.Logger): Logger => ({
  trace: redacting(logger, 'trace'),
  debug: redacting(logger, 'debug'),
  info: redacting(logger, 'info'),
  warn: redacting(logger, 'warn'),
  error: redacting(logger, 'error'),
  child: (fields) => narrow(logger.child(redactFields(fields))),
})

const toStandardOutput = (): ((line: string) => void) => {
  const output = destination({ dest: 1, sync: false })
  return (line) => {
    output.write(line)
  }
}

/**
 * A logger: one line of JSON for each entry, with credentials and e-mail addresses taken out of fields, messages and
 * errors, and with every control character escaped. Give an error as `err`.
 *
 * @example
 * const logger = createLogger({ level: config.LOG_LEVEL, service: 'learning' })
 * logger.error({ err: error, courseId }, 'The course was not published')
 */
export const createLogger = (options: LoggerOptions): Logger => {
  const { level, service, pretty = false, write = toStandardOutput() } = options
  const render = pretty ? prettyLine : escapeInJson
  const logger = pino(
    {
      level,
      base: { service },
      timestamp: stdTimeFunctions.isoTime,
      // The fields are plain data once they are redacted.
      serializers: { err: (error: unknown) => error },
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => write(render(line)) },
  )
  return narrow(logger)
}
