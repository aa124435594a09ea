// Keeps connections busy with GETs until so many are answered; forked, so that its CPU is not the server's.
import { connect } from 'node:net'
import { type Done, Order } from './order.ts'

const HEAD_END = '\r\n\r\n'

/** One answer off the front of what has arrived: its status and its length; undefined until all of it is there. */
const answerIn = (text: string): { readonly status: string; readonly length: number } | undefined => {
  const headEnd = text.indexOf(HEAD_END)
  if (headEnd < 0) return undefined
  const head = text.slice(0, headEnd)
  const body = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN)
  if (Number.isNaN(body)) throw new Error(`An answer without a length: ${head}`)
  const length = headEnd + HEAD_END.length + body
  return text.length < length ? undefined : { status: head.slice(9, 12), length }
}

const load = async ({ port, paths, token, requests, connections }: Order): Promise<Done> => {
  let sent = 0
  let failed = 0
  const connection = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1')
      let arrived = ''
      const ask = (): void => {
        if (sent >= requests) socket.end()
        else {
          const path = paths[sent++ % paths.length]
          socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}${HEAD_END}`)
        }
      }
      // One byte a character, so that lengths are bytes.
      socket.setEncoding('latin1').setNoDelay(true)
      socket.on('connect', ask).on('error', reject).on('close', resolve)
      socket.on('data', (chunk) => {
        arrived += chunk
        const answer = answerIn(arrived)
        if (!answer) return
        if (answer.status !== '200') failed++
        arrived = arrived.slice(answer.length)
        ask()
      })
    })
  await Promise.all(Array.from({ length: connections }, connection))
  return { failed }
}

process.on('message', (order) => {
  void load(Order.parse(order)).then((done) => process.send?.(done))
})
