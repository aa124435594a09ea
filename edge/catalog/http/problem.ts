export interface ParameterProblem {
  readonly parameter: string
  readonly detail: string
}

/** A refusal that becomes problem+json (RFC 9457). */
export class Problem extends Error {
  override name = 'Problem'
  readonly status: number
  readonly code: string
  readonly errors: readonly ParameterProblem[]
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string,
    detail: string,
    { errors = [], headers = {} }: Partial<Pick<Problem, 'errors' | 'headers'>> = {},
  ) {
    super(detail)
    this.status = status
    this.code = code
    this.errors = errors
    this.headers = headers
  }
}

const TITLES = new Map([
  [400, 'Bad Request'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [410, 'Gone'],
  [422, 'Unprocessable Content'],
  [429, 'Too Many Requests'],
  [500, 'Internal Server Error'],
  [503, 'Service Unavailable'],
])

/** `about:blank`: the status says what it is, the code which. The same refusal gives the same bytes: nothing of the request but the named parameters is in it. */
export const problemBody = ({ status, code, message, errors }: Problem): string =>
  JSON.stringify({
    type: 'about:blank',
    title: TITLES.get(status) ?? 'Error',
    status,
    code,
    detail: message,
    ...(errors.length > 0 && { errors }),
  })

export const routeNotFound = () => new Problem(404, 'ROUTE_NOT_FOUND', 'Nothing is served at this path.')

export const courseNotFound = () => new Problem(404, 'COURSE_NOT_FOUND', 'There is no course at this address.')

export const unavailable = () =>
  new Problem(503, 'CATALOG_UNAVAILABLE', 'The catalog cannot be read at the moment.', {
    headers: { 'Retry-After': '1', 'Cache-Status': 'catalog; fwd=uri-miss; detail=redis-unavailable' },
  })
