// @nestjs/cqrs as its documentation sets it up. Written without types: the peers are not there when types are checked.
import { peer } from '../harness/peers.ts'

peer('reflect-metadata')
const { Module } = peer('@nestjs/common')
const { NestFactory } = peer('@nestjs/core')
export const cqrs = peer('@nestjs/cqrs')

/** Starts an application with these handlers and gives one of its buses. */
export const startBus = async (bus, handlers) => {
  class Application {}
  Module({ imports: [cqrs.CqrsModule.forRoot()], providers: handlers })(Application)
  const context = await NestFactory.createApplicationContext(Application, { logger: ['error'] })
  await context.init()
  return context.get(bus)
}
