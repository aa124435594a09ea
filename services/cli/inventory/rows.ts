import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Learning } from '#bus/patterns/learning.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { Users } from '#bus/patterns/user.ts'
import { learning } from '#services/learning/service.ts'
import { payment } from '#services/payment/service.ts'
import { user } from '#services/user/service.ts'
import { z } from 'zod'
import { projectRoot } from '../check/files.ts'
import { HELD_BY } from './held-by.ts'
import { matching, readSources, type Sources } from './sources.ts'

export type Kind = 'operation' | 'command' | 'query' | 'event' | 'message'

/** What a service does, where that is written, and which tests hold it. */
export interface Row {
  readonly service: string
  readonly kind: Kind
  readonly name: string
  readonly implementedBy: readonly string[]
  readonly coveredBy: readonly string[]
}

const services = [
  { service: user, patterns: Users, alias: 'Users' },
  { service: learning, patterns: Learning, alias: 'Learning' },
  { service: payment, patterns: Payments, alias: 'Payments' },
] as const
type Described = (typeof services)[number]

/** Every operation is asked for by seven people in it. */
const AUTHORIZATION = 'services/embedded/authorization.e2e.test.ts'
const POLICY = 'services/embedded/testing/policy.ts'

const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), z.object({ operationId: z.string() }))) })

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** Closest to the service first, and no more than two: a table, not a list. */
const few = (paths: readonly string[], service: string): string[] => {
  const distance = (path: string): number => (path.startsWith(`services/${service}/`) ? 0 : 1)
  return [...new Set(paths)].toSorted((a, b) => distance(a) - distance(b) || (a < b ? -1 : 1)).slice(0, 2)
}

/** What stands in the place of a path parameter: `${courseId}`, or a value. */
const VALUE = String.raw`(?:\$\{[^}]*\}+|[^/'"\x60?\s]+)`

/** A path of a document as tests write it: `/v1/courses/${courseId}/publish`. */
const calledIn = (path: string): RegExp => {
  const parts = path.split(/\{[^}]+\}/).map(escaped)
  return new RegExp(`['"\`]${parts.join(VALUE)}['"\`?]`)
}

/** Made for each service by the kit: sagas, dead letters, the bus. */
const declaredIn = ({ code }: Sources, kind: string, type: string): string[] => {
  const inServices = code.filter(({ path }) => path.startsWith('services/'))
  const declared = matching(inServices, new RegExp(`\\b${kind}\\(\\s*'${escaped(type)}'`))
  const [, name = ''] = type.split('.')
  return declared.length > 0
    ? declared
    : matching(
        code.filter(({ path }) => path.startsWith('services/kit/operations/')),
        new RegExp(`\\.${name}\\b`),
      )
}

const pascal = (type: string): string =>
  (type.split('.')[1] ?? '').replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())

const operationsOf = ({ service }: Described, sources: Sources): Row[] => {
  const text = readFileSync(join(projectRoot, 'openapi', 'documents', `${service.name}.json`), 'utf8')
  const { paths } = Document.parse(JSON.parse(text))
  const policy = readFileSync(join(projectRoot, POLICY), 'utf8')
  return service.routes.map((route): Row => {
    const { method, path } = route
    const operationId = paths[path]?.[method]?.operationId ?? ''
    const isAsked = operationId !== '' && new RegExp(`\\b${operationId}\\b|\\$\\{title\\}`).test(policy)
    const ofService = sources.code.filter(({ path: file }) => file.startsWith(`services/${service.name}/`))
    const declared =
      route.kind === 'route'
        ? declaredIn(sources, route.definition.kind, route.definition.type)
        : matching(ofService, new RegExp(`path: '${escaped(path)}'`))
    return {
      service: service.name,
      kind: 'operation',
      name: `${method.toUpperCase()} ${path}`,
      implementedBy: declared,
      coveredBy: few([...matching(sources.tests, calledIn(path)), ...(isAsked ? [AUTHORIZATION] : [])], service.name),
    }
  })
}

const handledOf = (described: Described, sources: Sources, operations: readonly Row[]): Row[] => {
  const { service } = described
  return [...service.commands, ...service.queries].map(({ definition: { kind, type } }): Row => {
    const route = service.routes.find((each) => each.kind === 'route' && each.definition.type === type)
    const operation = route && operations.find(({ name }) => name === `${route.method.toUpperCase()} ${route.path}`)
    const named = matching(sources.tests, new RegExp(`\\b${pascal(type)}\\b`))
    return {
      service: service.name,
      kind,
      name: type,
      implementedBy: declaredIn(sources, kind, type),
      coveredBy: few([...named, ...(operation?.coveredBy ?? []), ...heldBy(type)], service.name),
    }
  })
}

const heldBy = (type: string): readonly string[] => {
  const held = HELD_BY[type]
  return held === undefined ? [] : [held]
}

const nameIn = (patterns: object, definition: unknown): string =>
  Object.entries(patterns).find(([, value]) => value === definition)?.[0] ?? ''

const messagesOf = ({ service, patterns, alias }: Described, sources: Sources): Row[] =>
  patterns.messages.map((definition): Row => {
    const name = `${alias}.${nameIn(patterns, definition)}`
    const answers = sources.code.filter(({ path }) => path.startsWith(`services/${service.name}/messages/`))
    return {
      service: service.name,
      kind: 'message',
      name: definition.type,
      implementedBy: matching(answers, new RegExp(`export const \\w+ = \\w+\\(\\s*${escaped(name)}\\b`)),
      coveredBy: few(
        [
          ...matching(sources.tests, new RegExp(`\\b${escaped(name)}\\b|'${escaped(definition.type)}'`)),
          ...heldBy(definition.type),
        ],
        service.name,
      ),
    }
  })

const eventsOf = ({ service, patterns, alias }: Described, sources: Sources): Row[] =>
  patterns.events.map((definition): Row => {
    const name = nameIn(patterns, definition)
    const aggregates = sources.code.filter(({ path }) => /^domain\/(?!kernel\/).*(?<!\/events\.ts)$/.test(path))
    return {
      service: service.name,
      kind: 'event',
      name: definition.type,
      implementedBy: matching(aggregates, new RegExp(`\\b${name}\\b`)),
      coveredBy: few(
        matching(sources.tests, new RegExp(`\\b${alias}\\.${name}\\b|\\b${name}\\b|'${escaped(definition.type)}'`)),
        service.name,
      ),
    }
  })

/** Every operation, command, query, event and message of the services, as the code has them. */
export const readRows = (): Row[] => {
  const sources = readSources()
  return services.flatMap((described) => {
    const operations = operationsOf(described, sources)
    return [
      ...operations,
      ...handledOf(described, sources, operations),
      ...eventsOf(described, sources),
      ...messagesOf(described, sources),
    ]
  })
}
