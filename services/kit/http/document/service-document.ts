import { OpenAPIHono } from '@hono/zod-openapi'
import type { ServiceDefinition } from '../../service.ts'
import { describeOperation } from '../operation.ts'
import { createDocument } from './document.ts'
import type { OpenApiDocument } from './types.ts'

/** The version of the contract that every service's document states; a breaking change makes another path major. */
export const CONTRACT_VERSION = '1.0.0'

/** The document that a service serves in production, made without running it. */
export const documentOf = ({ title, routes }: Pick<ServiceDefinition, 'title' | 'routes'>): OpenApiDocument =>
  createDocument(new OpenAPIHono(), routes.filter(({ developmentOnly }) => !developmentOnly).map(describeOperation), {
    title,
    version: CONTRACT_VERSION,
    limited: true,
  })
