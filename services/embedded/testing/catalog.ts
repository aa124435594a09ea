import { componentSchemas } from '#edge/catalog/openapi/schemas.ts'
import type { z } from 'zod'
import { createTestClient, type TestClient } from './client.ts'
import type { PlatformUnderTest } from './platform.ts'
import { eventually } from './poll.ts'

const { CourseList } = componentSchemas

/** A client of the Worker itself, past the API's listener. */
export const catalogClient = ({ catalogUrl }: PlatformUnderTest): Promise<TestClient> => {
  if (catalogUrl === undefined) throw new Error('Start the test platform with catalog: true.')
  return createTestClient(catalogUrl, ['/catalog/v1/openapi.json'])
}

/** The first page of a list, such as `q=algebra&limit=2`. */
export const listCatalog = (catalog: TestClient, query: string): Promise<z.infer<typeof CourseList>> =>
  catalog.expect(200, CourseList, 'GET', `/catalog/v1/courses?${query}`)

export const titlesOf = async (catalog: TestClient, query: string): Promise<(string | undefined)[]> =>
  (await listCatalog(catalog, query)).items.map(({ title }) => title)

/** How long it takes from now until the public sees something, in milliseconds. */
export const msUntilPublic = async (what: string, isSeen: () => Promise<boolean>): Promise<number> => {
  const startMs = performance.now()
  await eventually(what, isSeen)
  return performance.now() - startMs
}
