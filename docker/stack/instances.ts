import { type Child, startChild } from './child.ts'
import { answersOk, untilReady } from './until-ready.ts'

/** One running process of a service. */
export interface Instance {
  readonly service: string
  readonly url: string
  readonly internalUrl: string
  readonly child: Child
}

export interface InstanceOptions {
  readonly service: string
  readonly host: string
  readonly port: number
  readonly internalPort: number
  /** The program and its arguments; `services/<service>/main.ts` when not given. */
  readonly program?: readonly string[] | undefined
  /** Its configuration, ports excepted. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly onLine: (line: string) => void
}

const mainOf = (service: string): string => new URL(`../../services/${service}/main.ts`, import.meta.url).pathname

/** Starts one process of a service and waits until it is ready. */
export const startInstance = async (options: InstanceOptions): Promise<Instance> => {
  const { service, host, port, internalPort, program = [mainOf(service)], env, onLine } = options
  const child = startChild({
    name: service,
    command: process.execPath,
    args: program,
    env: { ...env, HOST: host, PORT: String(port), INTERNAL_PORT: String(internalPort) },
    takesInput: true,
    onLine,
  })
  const url = `http://${host}:${port}`
  const internalUrl = `http://${host}:${internalPort}`
  await untilReady(child, () => answersOk(`${internalUrl}/health/ready`))
  return { service, url, internalUrl, child }
}

/** The instances of all services, and which of them take requests now. */
export interface Rotation {
  add(instance: Instance): void
  remove(instance: Instance): void
  /** Those that said "ready" when they were last asked. */
  readyOf(service: string): readonly Instance[]
  all(): readonly Instance[]
  stop(): void
}

const ASK_MS = 100

/** Asks every instance for its readiness ten times a second, as a load balancer does less often. */
export const createRotation = (): Rotation => {
  const ready = new Map<Instance, boolean>()

  const ask = async (instance: Instance): Promise<void> => {
    const answer = await answersOk(`${instance.internalUrl}/health/ready`).then(
      () => true,
      () => false,
    )
    if (ready.has(instance)) ready.set(instance, answer)
  }
  const timer = setInterval(() => {
    for (const instance of ready.keys()) void ask(instance)
  }, ASK_MS)

  return {
    add: (instance) => void ready.set(instance, true),
    remove: (instance) => void ready.delete(instance),
    readyOf: (service) =>
      [...ready].flatMap(([instance, isReady]) => (isReady && instance.service === service ? [instance] : [])),
    all: () => [...ready.keys()],
    stop: () => clearInterval(timer),
  }
}
