// A runtime of Lambda: loads the handler named by _HANDLER, then takes one event after the other from the Runtime API.
import { request } from 'node:http'
import { text } from 'node:stream/consumers'

const { AWS_LAMBDA_RUNTIME_API: api, LAMBDA_TASK_ROOT: root, _HANDLER = '' } = process.env
const call = (path, body) =>
  new Promise((resolve, reject) => {
    const url = `http://${api}/2018-06-01/runtime/${path}`
    const sent = request(url, { method: body === undefined ? 'GET' : 'POST' }, (answer) => {
      text(answer).then((read) => resolve({ headers: answer.headers, body: read }), reject)
    })
    sent.on('error', reject).end(body)
  })
const problemOf = (error) =>
  JSON.stringify({ errorType: error.name, errorMessage: error.message, stackTrace: error.stack?.split('\n') ?? [] })

const [module, name] = _HANDLER.split('.')
let handler
try {
  handler = (await import(`${root}/${module}.mjs`))[name]
} catch (error) {
  await call('init/error', problemOf(error))
  process.exit(1)
}
for (;;) {
  const { headers, body } = await call('invocation/next')
  const id = headers['lambda-runtime-aws-request-id']
  const endsAtMs = Number(headers['lambda-runtime-deadline-ms'])
  const context = { awsRequestId: id, getRemainingTimeInMillis: () => endsAtMs - Date.now() }
  try {
    const result = await handler(JSON.parse(body), context)
    await call(`invocation/${id}/response`, JSON.stringify(result ?? null))
  } catch (error) {
    await call(`invocation/${id}/error`, problemOf(error))
  }
}
