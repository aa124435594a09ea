import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createExplorer } from './explorer.ts'
import { createProblemPages } from './problem-pages.ts'
import { createLibrary } from './testing/library-app.ts'

const asHtml = { headers: { accept: 'text/html,application/xhtml+xml' } }

describe('the problem pages', () => {
  const { http, request } = createLibrary()
  const pages = createProblemPages(http.operations)

  test('the type of a problem resolves to a page about it', async () => {
    const { type } = z.object({ type: z.string() }).parse(await (await request('/v1/nothing')).json())
    const response = await pages.request(type)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ code: 'ROUTE_NOT_FOUND', status: 404, retryable: false })
  })

  test('declared codes say which operations answer so', async () => {
    const page = await (await pages.request('/problems/BOOK_NOT_FOUND')).json()
    expect(page).toMatchObject({ operations: ['getBook', 'renameBook', 'removeBook', 'lendBook'] })
  })

  test('browsers get HTML', async () => {
    const response = await pages.request('/problems/TITLE_TAKEN', asHtml)
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(await response.text()).toContain('<h1>TITLE_TAKEN</h1>')
    expect(await (await pages.request('/problems', asHtml)).text()).toContain('/problems/INTERNAL')
  })

  test('an unknown code is 404', async () => {
    expect((await pages.request('/problems/NO_SUCH')).status).toBe(404)
  })
})

describe('the explorer', () => {
  const documents = [
    { name: 'library', url: '/openapi/library.json' },
    { name: 'catalog', url: '/catalog/v1/openapi.json' },
  ]
  const explorer = createExplorer({ documents })

  test('its page loads nothing from elsewhere and runs nothing inline', async () => {
    const response = await explorer.request('/docs')
    const page = await response.text()
    const csp = response.headers.get('content-security-policy') ?? ''
    expect(csp).toContain("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:")
    expect(page).not.toMatch(/https?:\/\/|<style|style=|\son\w+="|<script>/)
    const assets = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path)
    const statuses = await Promise.all(assets.map(async (path) => (await explorer.request(path)).status))
    expect(statuses).toEqual(assets.map(() => 200))
  })

  test('its settings name the documents, and logins only where they were given', async () => {
    const settings = async (app: typeof explorer) => (await app.request('/docs/settings.json')).json()
    expect(await settings(explorer)).toEqual({ documents, demoLogins: [] })
    const demoLogins = [{ label: 'Learner', email: 'learner@example.org', password: 'secret' }]
    expect(await settings(createExplorer({ documents, demoLogins }))).toEqual({ documents, demoLogins })
  })

  test('its files come with their type and are checked before reuse', async () => {
    const response = await explorer.request('/docs/explorer.js')
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect((await explorer.request('/docs/')).headers.get('location')).toBe('/docs')
  })
})
