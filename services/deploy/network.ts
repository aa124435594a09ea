import type { Settings } from './settings.ts'

/** A network in two zones whose services and stores have no public address; they reach AWS and Stripe through NAT. */
export const createNetwork = ({ permanent }: Settings) =>
  new sst.aws.Vpc('Network', { az: 2, nat: permanent ? 'managed' : 'ec2' })

export type Network = ReturnType<typeof createNetwork>
