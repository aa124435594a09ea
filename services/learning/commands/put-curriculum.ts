import { z } from 'zod'
import { CourseId } from '#domain/kernel/ids.ts'
import { OutlineDraft } from '#domain/learning/curriculum.ts'
import { CourseIsArchived, CourseNotFound, CurriculumInvalid, NotCourseOwner } from '#domain/learning/errors.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { VersionMismatch } from '#bus/cqrs/errors.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { assertVersion, editableCourse } from '../authorship.ts'
import { Courses, Curricula } from '../ports.ts'
import { CurriculumResource, curriculumResource } from '../resources.ts'

const MAX_BYTES = 4 * 1024 * 1024

export const PutCurriculum = command('learning.put_curriculum', {
  input: z.strictObject({ courseId: CourseId, sections: OutlineDraft, expectedVersion: z.int() }),
  output: CurriculumResource,
  errors: [CourseNotFound, NotCourseOwner, CourseIsArchived, CurriculumInvalid, VersionMismatch],
  scope: 'courses:write',
})

export const putCurriculum = handler(
  PutCurriculum,
  { courses: Courses, curricula: Curricula },
  async ({ input: { courseId, sections, expectedVersion }, actor, tx, ids }, { courses, curricula }) => {
    const [course, curriculum] = await Promise.all([editableCourse(courses, courseId, actor), curricula.load(courseId)])
    if (!curriculum) throw CourseNotFound(courseId)
    assertVersion(curriculum, expectedVersion)
    course.assertNotArchived()
    curriculum.put(sections, ids)
    curricula.save(tx, curriculum)
    return curriculumResource(curriculum)
  },
)

export const putCurriculumRoute = route(PutCurriculum, {
  method: 'put',
  path: '/v1/courses/{courseId}/curriculum',
  tag: 'Curricula',
  summary: 'Replace the sections and lessons of a course',
  description:
    'What keeps its id keeps its learners’ progress, wherever it moves; leave the id out for what is new. Learners ' +
    'see the change after the next publication.',
  maxBodyBytes: MAX_BYTES,
  examples: {
    input: {
      sections: [
        {
          title: 'Vectors',
          lessons: [{ title: 'Arrows', content: { kind: 'markdown', markdown: 'Draw an arrow.' } }],
        },
      ],
    },
  },
})
