import { lockData } from './embedded/data-lock.ts'
import { seedDemo } from './embedded/demo/seed.ts'
import { announce } from './embedded/announce.ts'
import { readOptions, type StartOptions, USAGE } from './embedded/options.ts'
import { type Platform, startPlatform } from './embedded/platform.ts'
import { ConfigError, environment, HostConfig, loadConfig } from './kit/config.ts'
import { PortInUse } from './kit/hosts/listener.ts'
import { createLogger, type Logger } from './kit/logging.ts'
import { chooseDataDirectory } from './kit/postgres/data-directory.ts'
import { loadOrCreateSecrets, secretVariables } from './kit/secrets.ts'

/** How long a terminal's Ctrl-C may arrive a second time, by npm, without meaning "now". */
const REPEAT_MS = 1_000

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

/** Stops on the first signal, and at once on another that comes later than a mere repeat. */
const stopOnSignal = (platform: Platform, release: () => Promise<void>, logger: Logger): void => {
  let signalledMs: number | undefined
  const stop = async (): Promise<void> => {
    if (signalledMs !== undefined) {
      if (performance.now() - signalledMs > REPEAT_MS) process.exit(130)
      return
    }
    signalledMs = performance.now()
    print('\nStopping: requests and messages under way are finished. Ctrl-C again stops at once.')
    await platform.stop(Number(process.env['SHUTDOWN_GRACE_MS'] ?? 0))
    await release()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      stop().catch((error: unknown) => {
        logger.error({ err: error }, 'the stop failed')
        process.exit(1)
      })
    })
}

const run = async ({ port, host, data, fresh }: StartOptions): Promise<void> => {
  const { APP_ENV, LOG_LEVEL } = loadConfig(HostConfig.extend({}))
  if (APP_ENV === 'production')
    throw new ConfigError('The embedded platform is for development. In production run one service per process.')
  const directory = chooseDataDirectory(data)
  const lock = await lockData(directory, fresh)
  try {
    const secrets = await loadOrCreateSecrets(directory)
    const logger = createLogger({ level: LOG_LEVEL, service: 'platform', pretty: process.stdout.isTTY })
    const platform = await startPlatform({
      directory,
      host,
      ports: { api: port, catalog: port + 1, sandbox: port + 2 },
      secrets,
      variables: { ...secretVariables(secrets), ...environment },
      logger,
      demoLogins: Object.entries(secrets.demo).map(([label, login]) => ({ label, ...login })),
    })
    stopOnSignal(platform, lock.release, logger)
    await seedDemo(platform, secrets.demo)
    announce(platform, { directory, data, demo: secrets.demo, print })
  } catch (error) {
    await lock.release()
    throw error
  }
}

const start = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2))
  if (options.help) print(USAGE)
  else await run(options)
}

start().catch(fail)
