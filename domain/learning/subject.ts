import { z } from 'zod'

/** What courses are about, to begin with: a tree by parent, broad fields at the top. */
export const SUBJECTS = [
  { slug: 'computing', name: 'Computing', parent: null },
  { slug: 'programming', name: 'Programming', parent: 'computing' },
  { slug: 'web-development', name: 'Web development', parent: 'computing' },
  { slug: 'mobile-development', name: 'Mobile development', parent: 'computing' },
  { slug: 'game-development', name: 'Game development', parent: 'computing' },
  { slug: 'algorithms', name: 'Algorithms and data structures', parent: 'computing' },
  { slug: 'databases', name: 'Databases', parent: 'computing' },
  { slug: 'operating-systems', name: 'Operating systems', parent: 'computing' },
  { slug: 'networking', name: 'Networking', parent: 'computing' },
  { slug: 'cloud-and-devops', name: 'Cloud and DevOps', parent: 'computing' },
  { slug: 'security', name: 'Security and cryptography', parent: 'computing' },
  { slug: 'blockchain', name: 'Blockchain', parent: 'computing' },
  { slug: 'software-engineering', name: 'Software engineering', parent: 'computing' },
  { slug: 'computer-graphics', name: 'Computer graphics', parent: 'computing' },
  { slug: 'data-science', name: 'Data science', parent: 'computing' },
  { slug: 'machine-learning', name: 'Machine learning', parent: 'data-science' },
  { slug: 'artificial-intelligence', name: 'Artificial intelligence', parent: 'data-science' },
  { slug: 'mathematics', name: 'Mathematics', parent: null },
  { slug: 'algebra', name: 'Algebra', parent: 'mathematics' },
  { slug: 'calculus', name: 'Calculus', parent: 'mathematics' },
  { slug: 'statistics', name: 'Statistics and probability', parent: 'mathematics' },
  { slug: 'natural-sciences', name: 'Natural sciences', parent: null },
  { slug: 'physics', name: 'Physics', parent: 'natural-sciences' },
  { slug: 'chemistry', name: 'Chemistry', parent: 'natural-sciences' },
  { slug: 'biology', name: 'Biology', parent: 'natural-sciences' },
  { slug: 'earth-science', name: 'Earth science and geography', parent: 'natural-sciences' },
  { slug: 'engineering', name: 'Engineering', parent: null },
  { slug: 'electronics', name: 'Electronics', parent: 'engineering' },
  { slug: 'robotics', name: 'Robotics', parent: 'engineering' },
  { slug: 'languages', name: 'Languages', parent: null },
  { slug: 'english', name: 'English', parent: 'languages' },
  { slug: 'spanish', name: 'Spanish', parent: 'languages' },
  { slug: 'french', name: 'French', parent: 'languages' },
  { slug: 'german', name: 'German', parent: 'languages' },
  { slug: 'mandarin', name: 'Mandarin Chinese', parent: 'languages' },
  { slug: 'business', name: 'Business', parent: null },
  { slug: 'entrepreneurship', name: 'Entrepreneurship', parent: 'business' },
  { slug: 'marketing', name: 'Marketing', parent: 'business' },
  { slug: 'finance', name: 'Finance and accounting', parent: 'business' },
  { slug: 'arts', name: 'Arts and design', parent: null },
  { slug: 'design', name: 'Interface and graphic design', parent: 'arts' },
  { slug: 'music', name: 'Music', parent: 'arts' },
  { slug: 'photography', name: 'Photography', parent: 'arts' },
  { slug: 'humanities', name: 'Humanities', parent: null },
  { slug: 'history', name: 'History', parent: 'humanities' },
  { slug: 'philosophy', name: 'Philosophy', parent: 'humanities' },
  { slug: 'literature', name: 'Literature', parent: 'humanities' },
  { slug: 'social-sciences', name: 'Social sciences', parent: null },
  { slug: 'economics', name: 'Economics', parent: 'social-sciences' },
  { slug: 'psychology', name: 'Psychology', parent: 'social-sciences' },
  { slug: 'health', name: 'Health and wellbeing', parent: null },
  { slug: 'study-skills', name: 'Study skills', parent: null },
] as const

/** Open to subjects that imported lists add, in any script; which there are is known to the store. */
export const SubjectSlug = z
  .string()
  .max(80)
  .regex(/^[\p{L}\p{M}\p{N}]+(?:-[\p{L}\p{M}\p{N}]+)*$/u)
export type SubjectSlug = z.infer<typeof SubjectSlug>

export interface Subject {
  readonly slug: SubjectSlug
  readonly name: string
  readonly parent: SubjectSlug | null
}
