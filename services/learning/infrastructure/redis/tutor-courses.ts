import type { Cache, CacheRule } from '#services/kit/redis/cache.ts'
import { z } from 'zod'
import type { CourseQueries, TutorCourses } from '../../ports.ts'
import { PublishedCourse } from '../../resources.ts'

const RULE: CacheRule<readonly PublishedCourse[]> = {
  kind: 'tutor:courses',
  schema: z.array(PublishedCourse),
  ttlSeconds: 600,
}

export const createCachedTutorCourses = (courses: CourseQueries, cache: Cache): TutorCourses => ({
  page: async (tutorId, slice) => {
    const { after = '', limit } = slice
    const load = () => courses.publishedOfTutor(tutorId, slice)
    return (await cache.read(RULE, tutorId, load, `${limit}:${after}`)) ?? []
  },
  drop: (tutorId) => cache.drop(RULE, tutorId),
})
