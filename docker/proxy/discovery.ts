import { answersOk } from '../stack/until-ready.ts'

export interface DiscoveryOptions {
  readonly services: readonly string[]
  /** The addresses that a name stands for now; several where a service runs several times. */
  readonly addressesOf: (service: string) => Promise<readonly string[]>
  readonly port: number
  /** Where an instance says whether it takes requests. */
  readonly internalPort: number
}

export interface Discovery {
  /** Base URLs of the instances that said "ready" when they were last asked. */
  instancesOf(service: string): readonly string[]
  stop(): void
}

const AGAIN_MS = 250

/** Looks up names and asks what is there for its readiness, again and again, until it is stopped. */
export const startDiscovery = ({ services, addressesOf, port, internalPort }: DiscoveryOptions): Discovery => {
  const ready = new Map<string, readonly string[]>()
  const timers = new Map<string, NodeJS.Timeout>()
  let stopped = false

  const isReady = (address: string): Promise<boolean> =>
    answersOk(`http://${address}:${internalPort}/health/ready`).then(
      () => true,
      () => false,
    )

  const round = async (service: string): Promise<void> => {
    // A name that is not known has nobody behind it yet, or not any more.
    const addresses = await addressesOf(service).catch(() => [])
    const answers = await Promise.all(addresses.map(isReady))
    const urls = addresses.filter((_, at) => answers[at]).map((address) => `http://${address}:${port}`)
    ready.set(service, urls)
    if (!stopped)
      timers.set(
        service,
        setTimeout(() => void round(service), AGAIN_MS),
      )
  }
  for (const service of services) void round(service)

  return {
    instancesOf: (service) => ready.get(service) ?? [],
    stop: () => {
      stopped = true
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}
