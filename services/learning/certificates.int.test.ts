import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { EnrollmentId, type UserId } from '#domain/kernel/ids.ts'
import { systemIds } from '#services/kit/ids.ts'
import { z } from 'zod'
import { CertificateResource } from './progress-resource.ts'
import { author, caller } from './testing/author.ts'
import { type LearningService, startLearningService } from './testing/running-service.ts'

const NAME = 'Ada <script>alert(1)</script> Lovelace'
const FREE = { price: { amount: 0, currency: 'EUR' } }

let service: LearningService
let learner: UserId
let code: string
let courseId: string
beforeAll(async () => {
  service = await startLearningService()
  const { course, run } = await author(service).published({ title: 'Angles & <b>arcs</b>' }, FREE)
  courseId = course.courseId
  learner = systemIds.next('usr')
  service.users.names.set(learner, NAME)
  code = await learnAll(learner, run.courseRunId)
})
afterAll(() => service.stop())

const Content = z.object({ sections: z.array(z.object({ lessons: z.array(z.object({ id: z.string() })) })) })
const Enrollment = z.object({ enrollmentId: EnrollmentId })
const Progress = z.object({ certificate: z.object({ verifyCode: z.string() }) })

const eventually = <T>(ask: () => Promise<T>): Promise<T> => vi.waitFor(ask, { timeout: 15_000, interval: 20 })

/** From the request for a seat to the code of the certificate. */
const learnAll = async (who: UserId, courseRunId: string): Promise<string> => {
  const api = caller(service, `${who} learner`)
  const { enrollmentId } = Enrollment.parse((await api.post(`/v1/course-runs/${courseRunId}/enrollments`)).body)
  const { sections } = await eventually(async () =>
    Content.parse((await api.get(`/v1/courses/${courseId}/content`)).body),
  )
  for (const { id } of sections.flatMap(({ lessons }) => lessons)) {
    const done = await api.send('PUT', `/v1/enrollments/${enrollmentId}/lessons/${id}/completion`)
    expect(done.status).toBe(200)
  }
  const path = `/v1/enrollments/${enrollmentId}/progress`
  return eventually(async () => Progress.parse((await api.get(path)).body).certificate.verifyCode)
}

const show = (written: string, accept = 'text/html,application/xhtml+xml') =>
  service.http.fetch(new Request(`http://localhost/v1/certificates/${written}`, { headers: { accept } }))

describe('a certificate', () => {
  test('is verified by anybody who has its code, however it is written', async () => {
    for (const written of [code, code.toLowerCase(), code.replaceAll('-', '')]) {
      const answer = await show(written, 'application/json')
      expect([answer.status, answer.headers.get('vary')]).toEqual([200, 'Accept'])
      const { learnerName, courseTitle } = CertificateResource.parse(await answer.json())
      expect({ learnerName, courseTitle }).toEqual({ learnerName: NAME, courseTitle: 'Angles & <b>arcs</b>' })
    }
  })

  test('is a page in a browser, which shows what others have written and runs none of it', async () => {
    const answer = await show(code)
    const page = await answer.text()
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page).toContain('Ada &lt;script&gt;alert(1)&lt;/script&gt; Lovelace')
    expect(page).toContain('Angles &amp; &lt;b&gt;arcs&lt;/b&gt;')
    expect(page).not.toMatch(/<script|<b>|\[object/)
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]+=*';/)
  })

  test('shows no id of a person', async () => {
    expect(await (await show(code, 'application/json')).text()).not.toContain(learner)
    expect(await (await show(code)).text()).not.toContain(learner)
  })

  test('that does not exist is missing, as a problem or as a page', async () => {
    const slip = code.slice(0, -1) + (code.endsWith('0') ? '1' : '0')
    for (const written of ['AAAAA', slip, '%3Cscript%3E']) {
      const problem = await show(written, 'application/json')
      expect([problem.status, problem.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
      const page = await show(written)
      expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
      expect(await page.text()).not.toContain('<script')
    }
  })

  test('that was revoked is gone', async () => {
    const revoke = (who: string) =>
      caller(service, who).post(`/v1/certificates/${code}/revoke`, { reason: 'misconduct' })
    expect((await revoke(`${learner} learner tutor`)).status).toBe(403)
    expect((await revoke(`${systemIds.next('usr')} admin`)).status).toBe(200)
    expect((await show(code, 'application/json')).status).toBe(410)
    const page = await show(code)
    expect([page.status, (await page.text()).includes('revoked')]).toEqual([410, true])
  })
})
