/** Texts that do harm where a string is pasted into something else; each may be refused or taken, never executed. */
export const INJECTIONS: Readonly<Record<string, string>> = {
  'SQL in a string': "' or '1'='1",
  'SQL behind a statement': "x'; drop schema public cascade; --",
  'SQL that waits': "1' and pg_sleep(10) --",
  'a SQL parameter': '$1 :name ?',
  'a LIKE pattern': '%_\\%',
  Cypher: "' }) match (n) detach delete n //",
  'a Redis key of another part': 'sess:* user:default:addr:*',
  'Redis protocol': '*1\r\n$8\r\nFLUSHALL\r\n',
  'a header behind a line break': 'x\r\nset-cookie: admin=1',
  'a log line behind a line break': 'x\n{"level":"info","msg":"forged"}',
  'a path out of the folder': '../../../../etc/passwd',
  'an encoded path': '..%2f..%2f%00',
  'a prototype': '__proto__',
  'a constructor': 'constructor.prototype.role',
  'a spreadsheet formula': '=cmd|"/c calc"!A0',
  'a template': '${7*7}{{7*7}}<%= 7*7 %>',
  'a script': '<script>alert(1)</script>',
  'a NUL': 'a\u0000b',
  'half a character': 'a\ud800b',
  'an override of direction': 'a\u202eb',
  'an endless number': '9'.repeat(400),
  'many letters for a regular expression': `${'a-'.repeat(5_000)}!`,
}

type Place = readonly (string | number)[]

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** Where a JSON value has strings. */
export const stringsIn = (value: unknown, place: Place = []): readonly Place[] => {
  if (typeof value === 'string') return [place]
  if (Array.isArray(value)) return value.flatMap((item, at) => stringsIn(item, [...place, at]))
  return isRecord(value) ? Object.entries(value).flatMap(([name, item]) => stringsIn(item, [...place, name])) : []
}

/** A copy of a JSON value with another text at one place. */
export const withTextAt = (value: unknown, [step, ...rest]: Place, text: string): unknown => {
  if (step === undefined) return text
  if (Array.isArray(value)) return value.map((item, at) => (at === step ? withTextAt(item, rest, text) : item))
  return isRecord(value) ? { ...value, [step]: withTextAt(value[step], rest, text) } : value
}
