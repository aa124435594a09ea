import { createServer } from 'node:net'

/** Takes every mail, or refuses every one, and remembers what was said. */
export const startSmtpServer = async ({ accepts }: { readonly accepts: boolean }) => {
  const received: string[] = []
  const server = createServer((socket) => {
    let isData = false
    let data = ''
    const answer = (line: string) => socket.write(`${line}\r\n`)
    const onLine = (line: string) => {
      if (isData) {
        if (line !== '.') data += `${line}\n`
        else {
          isData = false
          received.push(data)
          answer('250 taken')
        }
        return
      }
      const verb = line.slice(0, 4).toUpperCase()
      if (verb === 'EHLO') answer('250 localhost')
      else if (verb === 'RCPT') answer(accepts ? '250 ok' : '451 try later')
      else if (verb === 'DATA') {
        isData = true
        data = ''
        answer('354 go on')
      } else if (verb === 'QUIT') socket.end('221 bye\r\n')
      else answer('250 ok')
    }
    let rest = ''
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString()).split('\r\n')
      rest = lines.pop() ?? ''
      lines.forEach(onLine)
    })
    socket.on('error', () => socket.destroy())
    answer('220 localhost ready')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { url: `smtp://127.0.0.1:${port}`, received, close: () => new Promise((resolve) => server.close(resolve)) }
}
