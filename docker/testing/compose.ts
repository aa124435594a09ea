import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'

const Text = z.union([z.string(), z.number()]).transform(String)
const Condition = z.object({
  condition: z.enum(['service_healthy', 'service_completed_successfully', 'service_started']),
})

/** A container of compose.yaml; what nobody has thought of is refused. */
const Container = z.strictObject({
  image: z.string().optional(),
  build: z
    .strictObject({
      context: z.literal('..'),
      dockerfile: z.literal('docker/Dockerfile'),
      target: z.string(),
      args: z.record(z.string(), z.string()).default({}),
    })
    .optional(),
  init: z.boolean(),
  read_only: z.boolean(),
  tmpfs: z.array(z.string()),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  user: z.string().optional(),
  restart: z.enum(['no', 'unless-stopped']),
  stop_grace_period: z.string().optional(),
  stop_signal: z.string().optional(),
  shm_size: z.string().optional(),
  command: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  ports: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), Condition).default({}),
  environment: z.record(z.string(), Text).default({}),
  healthcheck: z
    .strictObject({
      test: z.array(z.string()),
      interval: z.string(),
      timeout: z.string(),
      start_period: z.string(),
      start_interval: z.string(),
    })
    .optional(),
})
export type Container = z.infer<typeof Container>

const Compose = z.looseObject({
  services: z.record(z.string(), Container),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() }).nullable()),
  volumes: z.record(z.string(), z.null()),
})
export type Compose = z.infer<typeof Compose>

/** docker/compose.yaml with its anchors merged, as Compose reads it. */
export const readCompose = async (): Promise<Compose> =>
  Compose.parse(parse(await readFile(new URL('../compose.yaml', import.meta.url), 'utf8'), { merge: true }))

/** A reference to a variable of docker/.env, which Compose refuses to start without. */
const REFERENCE = /\$\{([A-Z_]+):\?run npm run compose:env\}/g

/** The variables of docker/.env that a text refers to. */
export const referencesIn = (text: string): string[] => [...text.matchAll(REFERENCE)].map(([, name]) => name ?? '')

/** A text with its references replaced. */
export const interpolate = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replaceAll(REFERENCE, (_, name: string) => variables[name] ?? '')
