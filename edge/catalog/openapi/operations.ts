import { describeParameters, filterParameters, listParameters, suggestParameters } from './parameters.ts'

const json = (schema: string) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } })
const error = (name: string) => ({ $ref: `#/components/responses/${name}` })

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly parameters?: readonly object[]
  readonly responses: Readonly<Record<string, object>>
}

const slug = { name: 'slug', in: 'path', required: true, schema: { type: 'string', maxLength: 200 } }

/** Path -> its GET; HEAD and OPTIONS follow from it. */
export const operations: Readonly<Record<string, Operation>> = {
  '/courses': {
    operationId: 'listCatalogCourses',
    summary: 'List published courses',
    description:
      'Filters about runs (pacing, availability, price) are met by one and the same run. Alternatives of one filter are separated by commas. Pages are cut by value: courses that appear or vanish meanwhile neither repeat nor hide others.',
    parameters: describeParameters(listParameters),
    responses: { 200: { description: 'A page of courses', content: json('CourseList') }, 422: error('Unprocessable') },
  },
  '/courses/{slug}': {
    operationId: 'getCatalogCourse',
    summary: 'Get the public page of a course',
    description: 'As JSON, or as schema.org JSON-LD by `Accept: application/ld+json`. A former slug redirects.',
    parameters: [slug],
    responses: {
      200: {
        description: 'The course',
        content: { ...json('CoursePage'), 'application/ld+json': { schema: { type: 'object' } } },
      },
      301: { description: 'The course has another slug now (Location)' },
      404: error('NotFound'),
      410: error('Gone'),
    },
  },
  '/courses/{slug}/reviews': {
    operationId: 'getCatalogReviews',
    summary: 'Get what learners say of a course',
    description: 'The newest reviews, and what all of them come to. A former slug redirects.',
    parameters: [slug],
    responses: {
      200: { description: 'The reviews', content: json('CourseReviews') },
      301: { description: 'The course has another slug now (Location)' },
      404: error('NotFound'),
      410: error('Gone'),
    },
  },
  '/facets': {
    operationId: 'getCatalogFacets',
    summary: 'Count courses by subject, level, language and more',
    description:
      'The count of a value is what a list would hold if that value were chosen: its own filter is left out.',
    parameters: describeParameters(filterParameters),
    responses: { 200: { description: 'Counts', content: json('Facets') }, 422: error('Unprocessable') },
  },
  '/suggest': {
    operationId: 'suggestCatalog',
    summary: 'Complete what is being typed',
    description: 'Courses, subjects and tutors whose names hold every word.',
    parameters: describeParameters(suggestParameters, ['q']),
    responses: { 200: { description: 'Suggestions, best first', content: json('Suggestions') } },
  },
  '/subjects': {
    operationId: 'listCatalogSubjects',
    summary: 'Get the tree of subjects',
    description: 'With the number of courses of each, those below it included.',
    responses: { 200: { description: 'The roots', content: json('SubjectTree') } },
  },
  '/openapi.json': {
    operationId: 'getCatalogOpenapi',
    summary: 'Get this document',
    description: 'OpenAPI 3.1.',
    responses: {
      200: { description: 'The document', content: { 'application/json': { schema: { type: 'object' } } } },
    },
  },
  '/health': {
    operationId: 'getCatalogHealth',
    summary: 'Tell whether the catalog can be served',
    description: '`cache: stale` while Redis fails and copies are served.',
    responses: { 200: { description: 'It can', content: json('Health') } },
  },
}
