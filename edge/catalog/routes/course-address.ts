const PREFIX = '/catalog/v1/courses/'
const SLUG = /^[\p{L}\p{N}\p{M}-]{1,200}$/u

const REVIEWS = '/reviews'

export const isCourseAddress = (path: string) => path.startsWith(PREFIX) && !path.includes('/', PREFIX.length)

export const isReviewsAddress = (path: string) =>
  path.endsWith(REVIEWS) && isCourseAddress(path.slice(0, -REVIEWS.length))

/** The slug in the address of the reviews of a course; undefined when no course can have it. */
export const reviewedSlugOf = (path: string): string | undefined => slugOf(path.slice(0, -REVIEWS.length))

/** The slug in the address of a course; undefined when no course can have it. */
export function slugOf(path: string): string | undefined {
  const slug = decoded(path.slice(PREFIX.length))
  return slug !== undefined && SLUG.test(slug) ? slug : undefined
}

function decoded(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
