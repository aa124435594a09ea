import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError, environment } from '#services/kit/config.ts'
import { type Child, startChild } from './child.ts'
import { answersOk, untilReady } from './until-ready.ts'

/** Emulates EventBridge, SQS and S3; of PyPI. Its own requirement leaves open a version of cryptography that it does not run with. */
export const PACKAGES = ['ministack==1.5.33', 'cryptography==46.0.7']

/** The emulator's program, installed into `cache` when it is missing. Throws where there is no Python to run it. */
export const installEmulator = async (cache: string, say: (text: string) => void): Promise<string> => {
  const venv = join(cache, 'ministack-1.5.33')
  const program = join(venv, 'bin', 'ministack')
  if (existsSync(program)) return program
  say('Installing the emulator of EventBridge and SQS (PyPI) ...')
  await mkdir(cache, { recursive: true })
  const made = spawnSync('python3', ['-m', 'venv', venv], { encoding: 'utf8' })
  if (made.error || made.status !== 0)
    throw new ConfigError(
      'Python 3 with venv is needed for the emulator of EventBridge and SQS. ' +
        'Install it (apt-get install python3-venv), or set AWS_ENDPOINT_URL.',
    )
  const pip = ['install', '--quiet', '--disable-pip-version-check', ...PACKAGES]
  const installed = spawnSync(join(venv, 'bin', 'pip'), pip, { encoding: 'utf8' })
  if (installed.status !== 0) throw new Error(`The emulator could not be installed: ${installed.stderr}`)
  return program
}

/** Starts the emulator; what lies in its queues and buckets when it is stopped is there again the next time. */
export const startEmulator = async (
  program: string,
  port: number,
  directory: string,
): Promise<{ readonly endpoint: string; readonly child: Child }> => {
  const endpoint = `http://127.0.0.1:${port}`
  const child = startChild({
    name: 'emulator',
    command: program,
    env: {
      PATH: environment['PATH'],
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      LOG_LEVEL: 'WARNING',
      SERVICES: 'sqs,events,s3',
      PERSIST_STATE: '1',
      STATE_DIR: join(directory, 'state'),
      S3_PERSIST: '1',
      S3_DATA_DIR: join(directory, 's3'),
    },
  })
  await untilReady(child, () => answersOk(`${endpoint}/_ministack/health`))
  return { endpoint, child }
}
