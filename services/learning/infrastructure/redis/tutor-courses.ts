import { createCache } from '#services/kit/redis/cache.ts'
import type { Redis } from '#services/kit/redis/redis.ts'
import { z } from 'zod'
import type { CourseQueries, TutorCourses } from '../../ports.ts'
import { PublishedCourse } from '../../resources.ts'

const RULE = {
  service: 'learning',
  kind: 'tutor:courses',
  schema: z.array(PublishedCourse).readonly(),
  ttlSeconds: 600,
} as const

export const createCachedTutorCourses = (courses: CourseQueries, redis: Redis): TutorCourses => {
  const cache = createCache(redis, RULE)
  return {
    page: async (tutorId, slice) => {
      const { after = '', limit } = slice
      const load = () => courses.publishedOfTutor(tutorId, slice)
      return (await cache.read(tutorId, load, `${limit}:${after}`)) ?? []
    },
    drop: cache.drop,
  }
}
