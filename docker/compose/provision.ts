// Makes event bus, queues and rules, once before the services start: none of them makes any.
import { createAwsClients } from '#bus/transports/aws/clients.ts'
import { provision } from '#bus/transports/aws/provision.ts'
import { topologyOf } from '#bus/transports/aws/topology.ts'
import { loadConfig } from '#services/kit/config.ts'
import { endsOf } from '#services/kit/service.ts'
import { ProvisionConfig } from './config.ts'
import { runJob } from './run.ts'
import { services } from './services.ts'

await runJob(async () => {
  const config = loadConfig(ProvisionConfig)
  const clients = createAwsClients({ region: config.AWS_REGION, endpoint: config.AWS_ENDPOINT_URL })
  const options = { prefix: config.QUEUE_PREFIX, replySlots: config.REPLY_SLOTS }
  await provision(clients, topologyOf(services.map(endsOf), options))
})
