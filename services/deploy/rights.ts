import { SOURCE_PREFIX } from '#bus/envelope.ts'
import { queueNames } from '#bus/transports/aws/topology.ts'
import { type DeployedService, destinationsOf, variablesOf } from './contracts.ts'
import type { Bus } from './bus.ts'
import type { Identities } from './identities.ts'
import { policyOf, type Statement } from './policy.ts'
import type { Settings } from './settings.ts'

/** What a service may do on the bus: what its contracts need. */
const rightsOf = (
  { name, patterns }: DeployedService,
  { topology, bus, arnOf, claims }: Bus,
  prefix: string,
): Statement[] => {
  const names = queueNames(prefix)
  const { commands, requests, replies } = destinationsOf(name)
  const own = topology.queues.filter(({ service, purpose }) => service === name && purpose !== 'dead letters')
  const slotsOf = (service: string) =>
    topology.queues.filter((queue) => queue.service === service && queue.purpose === 'replies')
  const sendsTo = [
    ...commands.map(names.commands),
    ...requests.map(names.requests),
    ...replies.flatMap(slotsOf).map((slot) => slot.name),
  ]
  return [
    ...(patterns.events.length === 0
      ? []
      : [
          {
            actions: ['events:PutEvents'],
            resources: [bus.arn],
            conditions: { StringEquals: { 'events:source': `${SOURCE_PREFIX}${name}` } },
          },
        ]),
    { actions: ['sqs:SendMessage', 'sqs:GetQueueUrl'], resources: sendsTo.map(arnOf) },
    {
      actions: [
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:ChangeMessageVisibility',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
      ],
      resources: own.map((queue) => arnOf(queue.name)),
    },
    { actions: ['s3:GetObject', 's3:PutObject'], resources: [$interpolate`${claims.arn}/*`] },
  ]
}

/** For the service that keeps passwords, where others keep them for it. */
const identityRightsOf = (service: DeployedService, identities: Identities): Statement[] =>
  identities && variablesOf(service).includes('COGNITO_USER_POOL_ID') ? [identities.rights] : []

/** Managed by AWS: logs, and the network interfaces of functions inside a network. */
const MANAGED = {
  'ecs-tasks.amazonaws.com': [],
  'lambda.amazonaws.com': ['arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole'],
} as const

/** The role that a service runs as, and no other service. */
export const createServiceRole = (
  service: DeployedService,
  bus: Bus,
  identities: Identities,
  { prefix, compute }: Settings,
) => {
  const principal = compute === 'containers' ? 'ecs-tasks.amazonaws.com' : 'lambda.amazonaws.com'
  const name = `${prefix}-${service.name}`
  const role = new aws.iam.Role(name, {
    name,
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: principal }),
    managedPolicyArns: [...MANAGED[principal]],
  })
  new aws.iam.RolePolicy(name, {
    role: role.name,
    policy: policyOf([...rightsOf(service, bus, prefix), ...identityRightsOf(service, identities)]),
  })
  return role
}
