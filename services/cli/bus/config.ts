import { z } from 'zod'
import type { AwsConnection } from '#bus/transports/aws/clients.ts'
import { type ConfigSource, loadConfig, variables } from '#services/kit/config.ts'
import { ContainerConfig } from '#services/kit/hosts/container-config.ts'

/** The queue services are looked at where a region or an emulator's address is given. */
const Schema = ContainerConfig.pick({ QUEUE_PREFIX: true, REPLY_SLOTS: true }).extend({
  AWS_REGION: z.string().min(1).optional(),
  AWS_ENDPOINT_URL: variables.httpUrl.optional(),
})
export type BusConfig = z.infer<typeof Schema>

export const readBusConfig = (source?: ConfigSource): BusConfig => loadConfig(Schema, source)

/** Undefined where nothing is said about AWS: the platform then runs on the transport in memory. */
export const connectionOf = ({ AWS_REGION, AWS_ENDPOINT_URL }: BusConfig): AwsConnection | undefined =>
  AWS_REGION === undefined && AWS_ENDPOINT_URL === undefined
    ? undefined
    : {
        region: AWS_REGION ?? 'us-east-1',
        endpoint: AWS_ENDPOINT_URL,
        connectTimeoutMs: 5_000,
        requestTimeoutMs: 10_000,
      }
