// Loads a program of functions in a fresh process and calls it once; prints how long both took.
const [program = '', event = ''] = process.argv.slice(2)
const cpuBefore = process.cpuUsage()
const startedMs = performance.now()
const { http } = await import(program)
const { statusCode } = await http(JSON.parse(event), { getRemainingTimeInMillis: () => 30_000 })
const milliseconds = performance.now() - startedMs
const { user, system } = process.cpuUsage(cpuBefore)
process.stdout.write(`${JSON.stringify({ statusCode, milliseconds, cpuMilliseconds: (user + system) / 1000 })}\n`)
process.exit()
