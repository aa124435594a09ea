import { SHARDS } from '#bus/outbox/shard.ts'
import type { AwsClients } from '#bus/transports/aws/clients.ts'
import { inspectTopology, type QueueDepth } from '#bus/transports/aws/drift.ts'
import { reasonOf } from '#bus/transports/aws/failures.ts'
import type { Topology } from '#bus/transports/aws/topology.ts'
import { SERVICES } from '#services/deploy/contracts.ts'
import { BusView } from '#services/kit/operations/bus/bus-view.ts'
import { ClientFailure } from '../client/client-failure.ts'
import { adminLogin } from '../client/credentials.ts'
import type { Patience } from '../client/persistent-fetch.ts'
import { plainText } from '../client/plain-text.ts'
import { problemText } from '../client/sign-in.ts'
import type { Terminal } from '../client/terminal.ts'
import { type AdminSession, openAdminSession } from './admin-session.ts'
import type { PlatformOptions } from './arguments.ts'
import { type DeadLettersClient, deadLettersOver } from './dead-letters-client.ts'
import { examineBus, lagMs, leasedSlots } from './doctor/examine-bus.ts'
import { examineLetters } from './doctor/examine-letters.ts'
import { examineQueues } from './doctor/examine-queues.ts'
import type { Finding } from './doctor/finding.ts'
import { examineSagas } from './doctor/sagas.ts'
import { duration } from './duration.ts'
import { tableLines } from './table.ts'

export interface DoctorSurroundings {
  readonly terminal: Terminal
  readonly wait: Patience['wait']
  /** Reply slots of each service. */
  readonly replySlots: number
  /** Absent where the platform runs on the transport in memory. */
  readonly aws?: { readonly clients: AwsClients; readonly topology: Topology } | undefined
}

/** Examines a running platform and its queues; the exit code is 0 when all is well, else 1. */
export async function runDoctor(options: PlatformOptions, surroundings: DoctorSurroundings): Promise<0 | 1> {
  const { terminal, wait, replySlots, aws } = surroundings
  try {
    const login = options.login ?? (await adminLogin(options.dataDirectory))
    const session = await openAdminSession(options.baseUrl, login, wait)
    const client = deadLettersOver(session)
    const [services, queues] = await Promise.all([
      Promise.all(SERVICES.map((service) => examineService(session, client, service, replySlots))),
      examineAws(aws),
    ])
    const rows = services.flatMap(({ row }) => (row ? [row] : []))
    for (const line of [...tableLines([SERVICE_HEADER, ...rows]), '', ...queueLines(queues.depths)]) terminal.out(line)
    return report([...services.flatMap(({ findings }) => findings), ...queues.findings], aws !== undefined, terminal)
  } catch (error) {
    if (!(error instanceof ClientFailure)) throw error
    terminal.error(error.message)
    return 1
  }
}

const SERVICE_HEADER = ['SERVICE', 'UNSENT', 'OLDEST', 'HELD KEYS', 'RELAYS', 'REPLY SLOTS', 'DEAD LETTERS']

interface Examined {
  readonly findings: readonly Finding[]
  readonly row?: readonly string[]
}

async function examineService(
  session: AdminSession,
  client: DeadLettersClient,
  { name, sagas }: (typeof SERVICES)[number],
  slotsMade: number,
): Promise<Examined> {
  try {
    const answer = await session('GET', `v1/bus/${name}`)
    const view = BusView.safeParse(answer.body).data
    if (answer.status !== 200 || !view)
      throw new ClientFailure(`it does not show where its messages stand: ${problemText(answer)}`)
    const [letters, stuck] = await Promise.all([client.list(name), examineSagas(session, name, sagas)])
    return {
      findings: [...examineBus(name, view, slotsMade), ...stuck, ...examineLetters(name, letters)],
      row: [
        name,
        String(view.outbox.rows),
        view.outbox.rows === 0 ? '-' : duration(lagMs(view)),
        String(view.outbox.heldKeys),
        relaysText(view),
        view.replySlots.length === 0 ? '-' : `${leasedSlots(view)} of ${slotsMade} leased`,
        String(letters.length),
      ],
    }
  } catch (error) {
    // One service that is away must not keep the doctor from the others.
    if (!(error instanceof ClientFailure)) throw error
    const help = 'See whether it runs and what its log says; /health/ready of its internal port says what it lacks.'
    return { findings: [{ where: name, problem: error.message, help }] }
  }
}

const relaysText = ({ relays }: BusView): string =>
  relays
    .map(({ session, shards }) => (shards === SHARDS ? `session ${session}` : `${session}: ${shards}`))
    .join(', ') || 'none'

async function examineAws(
  aws: DoctorSurroundings['aws'],
): Promise<{ readonly findings: readonly Finding[]; readonly depths: readonly QueueDepth[] }> {
  if (!aws) return { findings: [], depths: [] }
  try {
    const inspection = await inspectTopology(aws.clients, aws.topology)
    return { findings: examineQueues(inspection), depths: inspection.depths }
  } catch (error) {
    const help = 'Check AWS_ENDPOINT_URL, or AWS_REGION and the credentials; reading queues and rules must be allowed.'
    return { findings: [{ where: 'queues', problem: reasonOf(error), help }], depths: [] }
  }
}

/** Queues in which something lies; SQS itself tells the age of the oldest to CloudWatch only. */
function queueLines(depths: readonly QueueDepth[]): string[] {
  const used = depths.filter(({ waiting, inFlight }) => waiting + inFlight > 0)
  if (used.length === 0) return []
  const rows = used.map(({ name, waiting, inFlight }) => [name, String(waiting), String(inFlight)])
  return [...tableLines([['QUEUE', 'WAITING', 'IN FLIGHT'], ...rows]), '']
}

function report(findings: readonly Finding[], withQueues: boolean, terminal: Terminal): 0 | 1 {
  for (const { where, problem, help } of findings) {
    terminal.out(plainText(`${where}: ${problem}`))
    terminal.out(`  help: ${help}`)
  }
  if (!withQueues)
    terminal.out('Queues and rules were not looked at: set AWS_ENDPOINT_URL or AWS_REGION where the platform has them.')
  if (findings.length > 0) {
    terminal.error(findings.length === 1 ? 'One thing is wrong.' : `${findings.length} things are wrong.`)
    return 1
  }
  terminal.out('All is well.')
  return 0
}
