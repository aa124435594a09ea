import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { provision } from '#services/user/provision.ts'
import { type Browser, chromium, type Page } from 'playwright-core'
import { startTestPlatform, type TestPlatform } from './testing/platform.ts'

const executablePath = process.env['CHROMIUM']

/** Nothing but this machine can be reached, and the browser asks for nothing by itself. */
const OFFLINE = [
  '--no-sandbox',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

describe.runIf(executablePath)('the explorer in Chromium, offline', () => {
  let platform: TestPlatform
  let browser: Browser
  let page: Page
  /** What the page complained of, and where it went. */
  let complaints: string[]
  let origins: Set<string>

  beforeAll(async () => {
    platform = await startTestPlatform({ catalog: true })
    const { buses } = platform.platform.services.user.runtime
    await provision(buses, { ...platform.secrets.demo.learner, displayName: 'Lio Okonjo', roles: ['learner'] })
    browser = await chromium.launch({ ...(executablePath && { executablePath }), args: OFFLINE })
  })
  afterAll(async () => {
    await browser.close()
    await platform.stop()
  })
  beforeEach(async () => {
    complaints = []
    origins = new Set()
    page = await browser.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => origins.add(new URL(request.url()).origin))
    await page.goto(`${platform.client.baseUrl}/docs`)
    await page.locator('.opblock').first().waitFor()
  })

  const choose = async (service: string): Promise<void> => {
    await page.locator('#documents').selectOption({ label: service })
    await page.locator('.info .title', { hasText: new RegExp(service, 'i') }).waitFor()
    await page.locator('.opblock').first().waitFor()
  }

  test('shows the documents of all services without a complaint or a foreign request', async () => {
    const services = await page.locator('#documents option').allInnerTexts()
    expect(services).toEqual(['user', 'learning', 'payment', 'catalog'])
    for (const service of services) {
      await choose(service)
      expect(await page.locator('.opblock').count()).toBeGreaterThan(5)
    }
    expect(complaints).toEqual([])
    expect([...origins].filter((origin) => origin !== 'null')).toEqual([platform.client.baseUrl])
  })

  test('tries an operation out: refused before signing in, answered afterwards', async () => {
    await choose('user')
    const operation = page.locator('.opblock[id$="-getMe"]')
    const status = operation.locator('.live-responses-table .response .response-col_status')
    await operation.locator('.opblock-summary-control').click()
    await operation.locator('.try-out__btn').click()
    await operation.locator('.execute').click()
    await status.getByText('401').waitFor()

    const { email } = platform.secrets.demo.learner
    await page.locator('#demo-logins').selectOption({ label: 'learner' })
    await page.getByText(`Signed in as ${email}.`).waitFor()
    await operation.locator('.execute').click()
    await status.getByText('200').waitFor()
    expect(await operation.locator('.live-responses-table').innerText()).toContain(email)
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([])
  })

  test('sends a key of its own with each execution: a changed request would be refused under the example', async () => {
    await choose('user')
    const operation = page.locator('.opblock[id$="-createUser"]')
    await operation.locator('.opblock-summary-control').click()
    await operation.locator('.try-out__btn').click()
    const keys = new Set<string | undefined>()
    for (const _ of ['first', 'second']) {
      const sent = page.waitForRequest((request) => request.method() === 'POST')
      await operation.locator('.execute').click()
      keys.add((await sent).headers()['idempotency-key'])
    }
    expect(keys.size).toBe(2)
    expect(keys).not.toContain('0f8e2c34-7a51-4c0b-9b6e-1f2d3c4b5a69')
  })

  test('says when the session has ended, and signs in as the same demo login again: it went on saying "Signed in"', async () => {
    await choose('user')
    const { email } = platform.secrets.demo.learner
    const demoLogins = page.locator('#demo-logins')
    await demoLogins.selectOption({ label: 'learner' })
    await page.getByText(`Signed in as ${email}.`).waitFor()
    await page.route('**/v1/users/me', (call) => call.fulfill({ status: 401, body: '{}' }))
    const operation = page.locator('.opblock[id$="-getMe"]')
    await operation.locator('.opblock-summary-control').click()
    await operation.locator('.try-out__btn').click()
    await operation.locator('.execute').click()
    await page.getByText('The session has ended: sign in again.').waitFor()
    expect(await demoLogins.inputValue()).toBe('')
    await demoLogins.selectOption({ label: 'learner' })
    await page.getByText(`Signed in as ${email}.`).waitFor()
  })
})
