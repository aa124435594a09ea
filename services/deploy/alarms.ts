import type { QueuePurpose } from '#bus/transports/aws/topology.ts'
import type { Api } from './api.ts'
import type { Bus } from './bus.ts'
import type { Compute } from './compute/compute.ts'
import { policyOf } from './policy.ts'
import type { Secrets } from './secrets.ts'

interface Alarm {
  readonly name: string
  readonly description: string
  readonly namespace: string
  readonly metricName: string
  readonly dimensions: Readonly<Record<string, $util.Input<string>>>
  readonly statistic: 'Maximum' | 'Sum'
  /** It goes off above this. */
  readonly threshold: number
  readonly minutes: number
}

/** How long the oldest message of a queue may wait, in seconds. */
const OLDEST_SECONDS: Readonly<Record<Exclude<QueuePurpose, 'dead letters'>, number>> = {
  events: 300,
  commands: 300,
  requests: 15,
  replies: 15,
}

const queueAlarms = ({ topology: { queues } }: Bus): Alarm[] =>
  queues.map(({ name, service, purpose }) => {
    const queue = { namespace: 'AWS/SQS', dimensions: { QueueName: name }, statistic: 'Maximum', minutes: 1 } as const
    return purpose === 'dead letters'
      ? {
          ...queue,
          name: `${name}-not-empty`,
          description: `Consumers of ${service} died of a message, or it could not be delivered to them: look into ${name}, then redrive it.`,
          metricName: 'ApproximateNumberOfMessagesVisible',
          threshold: 0,
        }
      : {
          ...queue,
          name: `${name}-old`,
          description: `${service} does not keep up with its ${purpose}.`,
          metricName: 'ApproximateAgeOfOldestMessage',
          threshold: OLDEST_SECONDS[purpose],
          minutes: 5,
        }
  })

const ruleAlarms = ({ topology: { rules, eventBus } }: Bus): Alarm[] =>
  rules.map(({ name, queue }) => ({
    name: `${name}-failing`,
    description: `EventBridge cannot deliver to ${queue}: look at its policy.`,
    namespace: 'AWS/Events',
    metricName: 'FailedInvocations',
    dimensions: { EventBusName: eventBus, RuleName: name },
    statistic: 'Sum',
    threshold: 0,
    minutes: 5,
  }))

const functionAlarms = (bus: Bus, { functionNames }: Compute): Alarm[] =>
  functionNames.flatMap((functionName, at) =>
    (['Errors', 'Throttles'] as const).map((metricName) => ({
      name: `${bus.topology.eventBus}-function-${at + 1}-${metricName.toLowerCase()}`,
      description: `A function has ${metricName.toLowerCase()}: its name is among the alarm's dimensions, its log says why.`,
      namespace: 'AWS/Lambda',
      metricName,
      dimensions: { FunctionName: functionName },
      statistic: 'Sum',
      threshold: 0,
      minutes: 5,
    })),
  )

const apiAlarm = (bus: Bus, api: Api): Alarm => ({
  name: `${bus.topology.eventBus}-api-errors`,
  description: 'Requests are answered with 5xx.',
  namespace: 'AWS/ApiGateway',
  metricName: '5xx',
  dimensions: { ApiId: api.nodes.api.id },
  statistic: 'Sum',
  threshold: 5,
  minutes: 5,
})

/** CloudWatch may not use the key that AWS has for topics, so the topic has its own; in its policy `*` is the key itself. */
const createKey = (name: string) => {
  const account = aws.getCallerIdentityOutput().accountId
  return new aws.kms.Key(name, {
    description: 'Alarms on their way to people',
    enableKeyRotation: true,
    policy: policyOf([
      { principal: { AWS: $interpolate`arn:aws:iam::${account}:root` }, actions: ['kms:*'], resources: ['*'] },
      {
        principal: { Service: 'cloudwatch.amazonaws.com' },
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      },
    ]),
  })
}

/** Everything that somebody has to look at, told by mail. */
export const createAlarms = (bus: Bus, api: Api, compute: Compute, { alarmEmail }: Secrets): void => {
  const name = `${bus.topology.eventBus}-alarms`
  const topic = new aws.sns.Topic(name, { name, kmsMasterKeyId: createKey(name).id })
  new aws.sns.TopicSubscription(name, { topic: topic.arn, protocol: 'email', endpoint: alarmEmail.value })
  const alarms = [...queueAlarms(bus), ...ruleAlarms(bus), ...functionAlarms(bus, compute), apiAlarm(bus, api)]
  for (const { name: alarm, description, minutes, ...metric } of alarms)
    new aws.cloudwatch.MetricAlarm(alarm, {
      ...metric,
      name: alarm,
      alarmDescription: description,
      period: 60,
      evaluationPeriods: minutes,
      datapointsToAlarm: 1,
      comparisonOperator: 'GreaterThanThreshold',
      // Nothing is measured where nothing happens.
      treatMissingData: 'notBreaching',
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    })
}
