import type { OpenAPIHono, RouteConfig } from '@hono/zod-openapi'

export type OpenApiDocument = ReturnType<OpenAPIHono['getOpenAPI31Document']>

type Schemas = NonNullable<NonNullable<OpenApiDocument['components']>['schemas']>
export type SchemaObject = Schemas[string]

export type ParameterObject = NonNullable<NonNullable<OpenApiDocument['paths']>[string]['parameters']>[number]
export type ResponseObject = RouteConfig['responses'][string]
export type HeaderRefs = Record<string, { $ref: string }>
