// npm run stack: the platform as it runs in production, a process for each service, without a container engine.
import { join } from 'node:path'
import { ConfigError, environment, HostConfig, loadConfig } from '#services/kit/config.ts'
import { PortInUse } from '#services/kit/hosts/listener.ts'
import { stopSignal } from '#services/kit/hosts/stop-signal.ts'
import { createLogger } from '#services/kit/logging.ts'
import { chooseDataDirectory } from '#services/kit/postgres/data-directory.ts'
import { loadOrCreateSecrets } from '#services/kit/secrets.ts'
import { lockData } from '#services/embedded/data-lock.ts'
import { readStackFlags, type StackFlags, USAGE } from './stack/options.ts'
import { type Stack, startStack } from './stack/stack.ts'

const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

const fail = (error: unknown): never => {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`)
  else if (error instanceof PortInUse)
    process.stderr.write(`${error.message} Stop what uses it, or choose others: npm run stack -- --port N.\n`)
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(1)
}

const announce = ({ apiUrl, catalogUrl, paymentsUrl, addresses, rotation }: Stack): void => {
  const processes = rotation
    .all()
    .map(
      ({ service, url, internalUrl, child }) =>
        `    ${service.padEnd(9)} ${url}  (internal ${internalUrl}, process ${child.pid})`,
    )
  print(
    [
      '',
      'The stack is ready.',
      '',
      `  API         ${apiUrl}   (the proxy in front of the services)`,
      `  Explorer    ${apiUrl}/docs`,
      `  Catalog     ${catalogUrl}/catalog/v1/courses`,
      `  Payments    ${paymentsUrl}`,
      `  Mailbox     ${apiUrl}/dev/mailbox`,
      `  PostgreSQL  ${new URL(addresses.databaseUrl).host}`,
      `  Redis       ${new URL(addresses.redisUrl).host}`,
      `  Queues      ${addresses.awsEndpoint} (EventBridge and SQS)`,
      '',
      '  Services',
      ...processes.toSorted(),
      '',
      '  Ctrl-C drains all of it; the next start finds the data again.',
      '',
    ].join('\n'),
  )
}

const run = async ({ port, data, fresh, instances }: StackFlags): Promise<void> => {
  const { LOG_LEVEL } = loadConfig(HostConfig)
  const directory = chooseDataDirectory(data)
  await using stack = new AsyncDisposableStack()
  const lock = await lockData(directory, fresh)
  stack.defer(lock.release)
  const running = await startStack({
    directory,
    cache: join(import.meta.dirname, '..', '.cache'),
    port,
    instances,
    secrets: await loadOrCreateSecrets(directory),
    variables: environment,
    seed: true,
    queuePrefix: 'edtech',
    logger: createLogger({ level: LOG_LEVEL, service: 'stack', pretty: process.stdout.isTTY }),
    onLine: print,
    say: print,
  })
  stack.defer(running.stop)
  const stopped = stopSignal(print)
  announce(running)
  await stopped
}

const start = async (): Promise<void> => {
  const flags = readStackFlags(process.argv.slice(2))
  if (flags.help) print(USAGE)
  else await run(flags)
}

start().then(() => process.exit(0), fail)
