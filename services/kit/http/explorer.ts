import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { Hono } from 'hono'
import { SECURITY_HEADERS } from './headers.ts'

export interface ExplorerOptions {
  readonly documents: readonly { readonly name: string; readonly url: string }[]
  /** Development only: the page offers to sign in as one of them. Their passwords reach every visitor. */
  readonly demoLogins?: readonly { readonly label: string; readonly email: string; readonly password: string }[]
}

interface Asset {
  readonly file: URL | string
  readonly type: string
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS = { ...SECURITY_HEADERS, 'content-security-policy': POLICY, 'cache-control': 'no-cache' }

const own = (name: string): URL => new URL(`./explorer/${name}`, import.meta.url)
const { resolve } = createRequire(import.meta.url)
const swagger = (name: string): string => resolve(`swagger-ui-dist/${name}`)

const JAVASCRIPT = 'text/javascript; charset=utf-8'
const CSS = 'text/css; charset=utf-8'

const assets = (): Readonly<Record<string, Asset>> => ({
  '/docs': { file: own('page.html'), type: 'text/html; charset=utf-8' },
  '/docs/explorer.js': { file: own('explorer.js'), type: JAVASCRIPT },
  '/docs/explorer.css': { file: own('explorer.css'), type: CSS },
  '/docs/swagger-ui.js': { file: swagger('swagger-ui-bundle.js'), type: JAVASCRIPT },
  '/docs/swagger-ui.css': { file: swagger('swagger-ui.css'), type: CSS },
  '/docs/favicon.png': { file: swagger('favicon-32x32.png'), type: 'image/png' },
})

/**
 * The page at `/docs` that shows the documents of all services and calls them: Swagger UI from npm, no foreign origin,
 * no inline script. Documents and operations have to be on the page's own origin.
 *
 * @example
 * app.route('/', createExplorer({ documents: [{ name: 'learning', url: '/openapi/learning.json' }] }))
 */
export const createExplorer = ({ documents, demoLogins = [] }: ExplorerOptions): Hono => {
  const app = new Hono()
  const settings = JSON.stringify({ documents, demoLogins })
  app.get('/docs/settings.json', (c) =>
    c.body(settings, 200, { ...HEADERS, 'cache-control': 'no-store', 'content-type': 'application/json' }),
  )
  for (const [path, { file, type }] of Object.entries(assets())) {
    app.get(path, async (c) => c.body(await readFile(file), 200, { ...HEADERS, 'content-type': type }))
  }
  app.get('/docs/', (c) => c.body(null, 301, { ...HEADERS, location: '/docs' }))
  return app
}
