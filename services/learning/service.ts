import { Learning } from '#bus/patterns/learning.ts'
import { busOperations } from '#services/kit/operations/bus.ts'
import { deadLetterOperations } from '#services/kit/operations/dead-letters.ts'
import { sagaOperations } from '#services/kit/operations/sagas.ts'
import { defineService } from '#services/kit/service.ts'
import { archiveCourse, archiveCourseRoute } from './commands/archive-course.ts'
import { createCourse, createCourseRoute } from './commands/create-course.ts'
import { importCourses, importCoursesRoute } from './commands/import-courses.ts'
import { openCourseRun, openCourseRunRoute } from './commands/open-course-run.ts'
import { publishCourse, publishCourseRoute } from './commands/publish-course.ts'
import { putCurriculum, putCurriculumRoute } from './commands/put-curriculum.ts'
import { updateCourse, updateCourseRoute } from './commands/update-course.ts'
import { updateCourseRun, updateCourseRunRoute } from './commands/update-course-run.ts'
import { LearningConfig } from './config.ts'
import {
  enrollmentCommands,
  enrollmentEvents,
  enrollmentMessages,
  enrollmentQueries,
  enrollmentRoutes,
} from './enrollment.ts'
import { catalogProjections } from './events/project-course.ts'
import { tutorCourseDrops } from './events/drop-tutor-courses.ts'
import { retireCoursesOfDeleted } from './events/retire-courses.ts'
import { forgetTutor, renameTutor } from './events/tutor-names.ts'
import { learningTables } from './infrastructure/postgres/tables.ts'
import { expireEnrollments } from './jobs/expire-enrollments.ts'
import { repairCatalog } from './jobs/repair-catalog.ts'
import { eraseUser } from './messages/erase-user.ts'
import { exportUser } from './messages/export-user.ts'
import { getCourseById } from './messages/get-course-by-id.ts'
import { getCoursesBySubject } from './messages/get-courses-by-subject.ts'
import { getOffer } from './messages/get-offer.ts'
import { retireCourse } from './messages/retire-course.ts'
import { retireCourses } from './messages/retire-courses.ts'
import { learningModule } from './module.ts'
import { progressCommands, progressMessages, progressQueries, progressRoutes } from './progress.ts'
import { getCourse, getCourseRoute } from './queries/get-course.ts'
import { getCourseRun, getCourseRunRoute } from './queries/get-course-run.ts'
import { getCurriculum, getCurriculumRoute } from './queries/get-curriculum.ts'
import { listCourseRuns, listCourseRunsRoute } from './queries/list-course-runs.ts'
import { listCourses, listCoursesRoute } from './queries/list-courses.ts'
import { listSubjects, listSubjectsRoute } from './queries/list-subjects.ts'
import { listTutorCourses, listTutorCoursesRoute } from './queries/list-tutor-courses.ts'
import { quizCommands, quizQueries, quizRoutes } from './quizzes.ts'
import { reviewCommands, reviewMessages, reviewQueries, reviewRoutes } from './reviews.ts'
import { CourseEnrollment } from './sagas/course-enrollment.ts'
import { LessonProgress } from './sagas/lesson-progress.ts'
import { SeatHold } from './sagas/seat-hold.ts'

const sagas = [CourseEnrollment, LessonProgress, SeatHold]
const sagaTools = sagaOperations('learning', sagas)
const deadLetters = deadLetterOperations('learning')
const bus = busOperations('learning')

export const learning = defineService({
  name: 'learning',
  title: 'Learning',
  patterns: Learning,
  config: LearningConfig,
  tables: learningTables,
  commands: [
    createCourse,
    updateCourse,
    publishCourse,
    archiveCourse,
    putCurriculum,
    openCourseRun,
    updateCourseRun,
    importCourses,
    ...enrollmentCommands,
    ...progressCommands,
    ...quizCommands,
    ...reviewCommands,
    ...sagaTools.commands,
    ...deadLetters.commands,
  ],
  queries: [
    getCourse,
    listCourses,
    listTutorCourses,
    getCurriculum,
    getCourseRun,
    listCourseRuns,
    listSubjects,
    ...enrollmentQueries,
    ...progressQueries,
    ...quizQueries,
    ...reviewQueries,
    ...sagaTools.queries,
    ...deadLetters.queries,
    ...bus.queries,
  ],
  messages: [
    retireCourses,
    retireCourse,
    getCourseById,
    getCoursesBySubject,
    getOffer,
    eraseUser,
    exportUser,
    ...enrollmentMessages,
    ...progressMessages,
    ...reviewMessages,
  ],
  events: {
    ...catalogProjections,
    ...tutorCourseDrops,
    'tutor.profile_updated': renameTutor,
    'tutor.deleted': forgetTutor,
    'tutor.courses_retired': retireCoursesOfDeleted,
    ...enrollmentEvents,
  },
  local: [],
  sagas,
  routes: [
    createCourseRoute,
    listCoursesRoute,
    getCourseRoute,
    updateCourseRoute,
    publishCourseRoute,
    archiveCourseRoute,
    putCurriculumRoute,
    getCurriculumRoute,
    openCourseRunRoute,
    listCourseRunsRoute,
    getCourseRunRoute,
    updateCourseRunRoute,
    listTutorCoursesRoute,
    listSubjectsRoute,
    importCoursesRoute,
    ...enrollmentRoutes,
    ...progressRoutes,
    ...quizRoutes,
    ...reviewRoutes,
    ...sagaTools.routes,
    ...deadLetters.routes,
    ...bus.routes,
  ],
  jobs: [repairCatalog, expireEnrollments],
  module: learningModule,
})
