import { expect, test } from 'vitest'
import type { HttpApp } from '../http/app.ts'
import { examplesOf } from '../http/document/examples.ts'
import { type HttpCase, httpCases, type HttpSuiteOptions, isBusOperation } from './http-cases.ts'
import { createResponseValidator } from './validate-response.ts'

/** Throws unless the answer is the problem that the case asks for; its body. */
export const expectProblem = async (response: Response, { status, code, at }: HttpCase): Promise<string> => {
  const body = await response.text()
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(JSON.parse(body)).toMatchObject({ status, code, type: `/problems/${code}`, traceId: expect.any(String) })
  expect(response.status).toBe(status)
  if (at) expect(JSON.parse(body)).toMatchObject({ errors: expect.arrayContaining([expect.objectContaining(at)]) })
  return body
}

/**
 * Registers the common HTTP tests of a service: every refusal of the door, served routes against the document, and an
 * example for every body.
 * @example
 * describe('the HTTP door', () => testHttpApp(http, { authorized: { authorization: `Bearer ${adminToken}` } }))
 */
export const testHttpApp = (http: HttpApp, options: HttpSuiteOptions): void => {
  const validator = createResponseValidator([http.document()])

  test.each(httpCases(http, options))('$name is refused by $status $code', async (refused) => {
    const { method, url } = refused.request
    const response = await http.fetch(refused.request)
    const body = await expectProblem(response, refused)
    validator.check({ method, path: new URL(url).pathname, status: response.status, headers: response.headers, body })
  })

  test('every served route is documented and every documented one is served', () => {
    const served = http.endpoints
      .filter(({ path }) => path !== `/openapi/${http.service}.json`)
      .map(({ method, path }) => `${method} ${path}`)
    const documented = Object.entries(http.document().paths ?? {}).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    )
    expect(served.toSorted()).toEqual(documented.toSorted())
  })

  test('every body has an example', () => {
    const lacking = http.operations.filter(isBusOperation).filter((operation) => {
      const { input, output } = examplesOf(operation)
      const sends = operation.input.body !== undefined || operation.input.path.length > 0
      return (sends && Object.keys(input).length === 0) || (operation.output !== undefined && output === undefined)
    })
    expect(lacking.map(({ operationId }) => operationId)).toEqual([])
  })
}
