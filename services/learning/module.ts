import { type Binding, bind, bindValue } from '#services/kit/module.ts'
import { Database, Redis, Requester } from '#services/kit/ports.ts'
import { withTutorNames } from './catalog/named-views.ts'
import { createCatalogProjector } from './catalog/projector.ts'
import { createTutorDirectory } from './catalog/tutor-directory.ts'
import type { LearningConfig } from './config.ts'
import { enrollmentBindings } from './enrollment-module.ts'
import { createPostgresCatalogTables } from './infrastructure/postgres/catalog-tables.ts'
import { createPostgresCourseQueries } from './infrastructure/postgres/course-queries.ts'
import { createPostgresCourseRunQueries } from './infrastructure/postgres/course-run-queries.ts'
import { createPostgresCourseRuns } from './infrastructure/postgres/course-runs.ts'
import { createPostgresCourses } from './infrastructure/postgres/courses.ts'
import { createPostgresCurricula } from './infrastructure/postgres/curricula.ts'
import { createPostgresImports } from './infrastructure/postgres/imports.ts'
import { createPostgresSlugs } from './infrastructure/postgres/slugs.ts'
import { createPostgresSubjects } from './infrastructure/postgres/subjects.ts'
import { createPostgresTraces } from './infrastructure/postgres/traces.ts'
import { createPostgresTutorNames } from './infrastructure/postgres/tutor-names.ts'
import { createCachedTutorCourses } from './infrastructure/redis/tutor-courses.ts'
import { Traces } from './traces-ports.ts'
import * as ports from './ports.ts'
import { progressBindings } from './progress-module.ts'
import { quizBindings } from './quiz-module.ts'
import { reviewBindings } from './reviews-module.ts'

const onDatabase = { database: Database }

export const learningModule = (config: LearningConfig): readonly Binding[] => [
  bind(ports.Courses, onDatabase, ({ database }) => createPostgresCourses(database)),
  bind(ports.Curricula, onDatabase, ({ database }) => createPostgresCurricula(database)),
  bind(ports.CourseRuns, onDatabase, ({ database }) => createPostgresCourseRuns(database)),
  bind(ports.Slugs, onDatabase, ({ database }) => createPostgresSlugs(database)),
  bind(ports.Subjects, onDatabase, ({ database }) => createPostgresSubjects(database)),
  bind(ports.CourseQueries, onDatabase, ({ database }) => createPostgresCourseQueries(database)),
  bind(ports.TutorCourses, { courses: ports.CourseQueries, redis: Redis }, ({ courses, redis }) =>
    createCachedTutorCourses(courses, redis),
  ),
  bind(ports.CourseRunQueries, onDatabase, ({ database }) => createPostgresCourseRunQueries(database)),
  bind(ports.Imports, onDatabase, ({ database }) => createPostgresImports(database)),
  bindValue(ports.ImportOwner, { userId: config.importOwnerId }),
  bind(Traces, onDatabase, ({ database }) => createPostgresTraces(database)),
  bind(ports.TutorNames, onDatabase, ({ database }) => createPostgresTutorNames(database)),
  bind(ports.CatalogTables, onDatabase, ({ database }) => createPostgresCatalogTables(database)),
  bind(ports.TutorDirectory, { names: ports.TutorNames, requester: Requester }, ({ names, requester }) =>
    createTutorDirectory(names, requester),
  ),
  bind(
    ports.CatalogProjector,
    { redis: Redis, tables: ports.CatalogTables, tutors: ports.TutorDirectory },
    ({ redis, tables, tutors }) => {
      const projector = createCatalogProjector(redis, tables, withTutorNames(tables, tutors))
      // What goes wrong here comes up again in the job, which repeats and reports it.
      redis.onConnect(() => void projector.repair().catch(() => undefined))
      return projector
    },
  ),
  ...enrollmentBindings,
  ...progressBindings,
  ...quizBindings,
  ...reviewBindings,
]
