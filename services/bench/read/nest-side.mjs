// The other side of P1 and P2: NestJS with its default platform and TypeORM. Without types: the peers are not there when
// types are checked.
import { peer } from '#bus/bench/harness/peers.ts'
import { serveRequests, taskOf } from './side.ts'

peer('reflect-metadata')
const { Controller, Get, Module, NotFoundException, Param } = peer('@nestjs/common')
const { NestFactory } = peer('@nestjs/core')
const { DataSource, EntitySchema } = peer('typeorm')

const { url, paths } = taskOf()
const text = (name) => ({ type: 'text', name, nullable: true })
const instant = (name) => ({ type: 'timestamptz', name, nullable: true })
const Course = new EntitySchema({
  name: 'Course',
  schema: 'learning',
  tableName: 'courses',
  columns: {
    id: { type: 'text', primary: true },
    tutorId: text('tutor_id'),
    slug: text('slug'),
    status: text('status'),
    title: text('title'),
    summary: text('summary'),
    description: text('description'),
    subject: text('subject'),
    language: text('language'),
    level: text('level'),
    externalUrl: text('external_url'),
    createdAt: instant('created_at'),
    publishedAt: instant('published_at'),
    archivedAt: instant('archived_at'),
    version: { type: 'int' },
  },
})
const source = await new DataSource({ type: 'postgres', url, entities: [Course], extra: { max: 8 } }).initialize()
const courses = source.getRepository(Course)

class CourseController {
  async get(id) {
    const course = await courses.findOneBy({ id })
    if (!course) throw new NotFoundException()
    return course
  }

  async list(tutorId) {
    return { items: await courses.find({ where: { tutorId, status: 'PUBLISHED' }, order: { id: 'DESC' }, take: 20 }) }
  }
}
const methodOf = (name) => [CourseController.prototype, name]
const route = (name, path, parameter) => {
  Get(path)(...methodOf(name), Object.getOwnPropertyDescriptor(...methodOf(name)))
  Param(parameter)(...methodOf(name), 0)
}
route('get', '/v1/courses/:courseId', 'courseId')
route('list', '/v1/tutors/:tutorId/courses', 'tutorId')
Controller()(CourseController)

class Application {}
Module({ controllers: [CourseController] })(Application)
const application = await NestFactory.create(Application, { logger: ['error'] })
await application.listen(0, '127.0.0.1')
serveRequests({ port: application.getHttpServer().address().port, paths })
