import { z } from 'zod'
import { type DeployedService, SERVICES } from '../contracts.ts'
import { entries, PORTS } from '../entries.ts'
import { environmentOf } from '../environment.ts'
import { policyOf } from '../policy.ts'
import { createServiceRole } from '../rights.ts'
import type { Settings } from '../settings.ts'
import type { Compute, ComputeOptions } from './compute.ts'

/** Answers whether the container can do its work; what does not is replaced. */
const PROBE = `fetch('http://127.0.0.1:${PORTS.internal}/health/live').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`

/** Secrets reach a container by reference: a task definition can be read by more people than a secret. */
const storeSecrets = (
  { name }: DeployedService,
  prefix: string,
  secret: Readonly<Record<string, $util.Output<string>>>,
) =>
  Object.fromEntries(
    Object.entries(secret).map(([variable, value]) => [
      variable,
      new aws.ssm.Parameter(`${prefix}-${name}-${variable}`, {
        name: `/${prefix}/${name}/${variable}`,
        type: 'SecureString',
        value,
      }).arn,
    ]),
  )

/** Starts the container: pulls its image, writes its log, reads its own secrets. */
const createStarterRole = (name: string, parameters: readonly $util.Output<string>[]) => {
  const role = new aws.iam.Role(`${name}-starter`, {
    name: `${name}-starter`,
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: 'ecs-tasks.amazonaws.com' }),
    managedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy'],
  })
  new aws.iam.RolePolicy(`${name}-starter`, {
    role: role.name,
    policy: policyOf([{ actions: ['ssm:GetParameters'], resources: parameters }]),
  })
  return role
}

const Definitions = z.array(z.record(z.string(), z.unknown()))

/** Nothing writes to the image's files, and a container has the time to drain. */
const hardened = (args: aws.ecs.TaskDefinitionArgs): undefined => {
  args.containerDefinitions = $output(args.containerDefinitions).apply((text) =>
    JSON.stringify(
      Definitions.parse(JSON.parse(text)).map((container) => ({
        ...container,
        readonlyRootFilesystem: true,
        stopTimeout: 60,
      })),
    ),
  )
}

const sizeOf = ({ permanent, containers }: Settings) =>
  permanent
    ? ({ cpu: '1 vCPU', memory: '2 GB', scaling: { ...containers, cpuUtilization: 60 } } as const)
    : ({ cpu: '0.25 vCPU', memory: '0.5 GB', scaling: containers } as const)

/** Every service as containers of their own, which poll their queues and run their relays, timers and jobs. */
export const createContainers = ({ settings, network, bus, api, sources, after }: ComputeOptions): Compute => {
  const { prefix } = settings
  const cluster = new sst.aws.Cluster('Cluster', {
    // Of a whole network SST takes the public subnets.
    vpc: {
      id: network.id,
      securityGroups: network.securityGroups,
      containerSubnets: network.privateSubnets,
      loadBalancerSubnets: network.publicSubnets,
      cloudmapNamespaceId: network.nodes.cloudmapNamespace.id,
      cloudmapNamespaceName: network.nodes.cloudmapNamespace.name,
    },
    transform: { cluster: { settings: [{ name: 'containerInsights', value: 'enabled' }] } },
  })
  const hostOf = (service: string) =>
    $interpolate`${service}.${$app.stage}.${$app.name}.${network.nodes.cloudmapNamespace.name}`
  const internalUrlOf = (service: string) => $interpolate`http://${hostOf(service)}:${PORTS.internal}`

  const integrations = new Map<string, $util.Input<string>>()
  for (const service of SERVICES) {
    const { plain, secret } = environmentOf(service, { ...sources, internalUrlOf })
    const parameters = storeSecrets(service, prefix, secret)
    const container = new sst.aws.Service(
      service.name,
      {
        cluster,
        ...sizeOf(settings),
        architecture: 'arm64',
        image: entries.image(service.name),
        environment: plain,
        ssm: parameters,
        taskRole: createServiceRole(service, bus, sources.identities, settings).name,
        executionRole: createStarterRole(`${prefix}-${service.name}`, Object.values(parameters)).name,
        serviceRegistry: { port: PORTS.api },
        health: { command: ['CMD', 'node', '-e', PROBE], startPeriod: '30 seconds', interval: '10 seconds' },
        logging: { retention: '1 month' },
        dev: false,
        transform: {
          service: { deploymentCircuitBreaker: { enable: true, rollback: true }, enableExecuteCommand: false },
          taskDefinition: hardened,
        },
      },
      { dependsOn: [...after] },
    )
    const integration = new aws.apigatewayv2.Integration(`Api ${service.name}`, {
      apiId: api.nodes.api.id,
      connectionType: 'VPC_LINK',
      connectionId: api.nodes.vpcLink?.id,
      integrationType: 'HTTP_PROXY',
      integrationMethod: 'ANY',
      integrationUri: container.nodes.cloudmapService.arn,
    })
    integrations.set(service.name, integration.id)
  }
  return { integrations, functionNames: [] }
}
