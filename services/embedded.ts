import { lockData } from './embedded/data-lock.ts'
import { seedDemo } from './embedded/demo/seed.ts'
import { announce } from './embedded/announce.ts'
import { readOptions, type StartOptions, USAGE } from './embedded/options.ts'
import { startPlatform } from './embedded/platform.ts'
import { ConfigError, environment, HostConfig, loadConfig, variables } from './kit/config.ts'
import { PortInUse } from './kit/hosts/listener.ts'
import { stopSignal } from './kit/hosts/stop-signal.ts'
import { createLogger } from './kit/logging.ts'
import { chooseDataDirectory } from './kit/postgres/data-directory.ts'
import { configSource, loadOrCreateSecrets } from './kit/secrets.ts'
import { openTracing } from './kit/tracing.ts'

/** `SHUTDOWN_GRACE_MS`: how long a stop says "not ready" before it takes no more connections. */
const EmbeddedConfig = HostConfig.extend({
  SHUTDOWN_GRACE_MS: variables.integer(0, 60_000).default(0),
  DATABASE_URL: variables.postgresUrl.optional(),
  REDIS_URL: variables.redisUrl.optional(),
})

const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

const fail = (error: unknown): never => {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`)
  else if (error instanceof PortInUse)
    process.stderr.write(
      `${error.message} Stop what uses it, or choose another: npm start -- --port N (N, N+1 and N+2 are used).\n`,
    )
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(1)
}

const run = async ({ port, host, data, fresh }: StartOptions): Promise<void> => {
  const config = loadConfig(EmbeddedConfig)
  const { APP_ENV, LOG_LEVEL, SHUTDOWN_GRACE_MS: graceMs } = config
  if (APP_ENV === 'production')
    throw new ConfigError('The embedded platform is for development. In production run one service per process.')
  const directory = chooseDataDirectory(data)
  await using stack = new AsyncDisposableStack()
  const lock = await lockData(directory, fresh)
  stack.defer(lock.release)
  const secrets = await loadOrCreateSecrets(directory)
  const loggerOf = (service: string) => createLogger({ level: LOG_LEVEL, service, pretty: process.stdout.isTTY })
  const tracing = await openTracing(config, loggerOf('platform'))
  stack.defer(() => tracing?.close())
  const platform = await startPlatform({
    directory,
    host,
    ports: { api: port, catalog: port + 1, sandbox: port + 2 },
    secrets,
    variables: await configSource(directory),
    loggerOf,
    tracing,
    demoLogins: Object.entries(secrets.demo).map(([label, login]) => ({ label, ...login })),
  })
  stack.defer(() => platform.stop(graceMs))
  const stopped = stopSignal(print)
  await seedDemo(platform.services, secrets.demo, directory)
  announce(platform, { directory, data, sandboxed: !environment['STRIPE_BASE_URL'], demo: secrets.demo, print })
  await stopped
}

const start = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2))
  if (options.help) print(USAGE)
  else await run(options)
}

start().then(() => process.exit(0), fail)
