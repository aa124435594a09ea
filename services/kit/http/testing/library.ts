import { Instant } from '#domain/kernel/clock.ts'
import { domainError } from '#domain/kernel/errors.ts'
import { CourseId, UserId } from '#domain/kernel/ids.ts'
import { Money } from '#domain/kernel/money.ts'
import { command, query } from '#bus/cqrs/definitions.ts'
import { z } from 'zod'
import { jsonSchemaOf } from '../json-schema.ts'
import { PageQuery, pageOf } from '../page.ts'
import { rawRoute } from '../raw-route.ts'
import { route } from '../route.ts'

/** A small service for the tests of this folder: books under course ids. */
export const Book = z.object({
  bookId: CourseId,
  title: z.string().max(200),
  price: Money.nullable(),
  publishedAt: Instant,
  version: z.int(),
})
export type Book = z.infer<typeof Book>

export const BookNotFound = domainError('BOOK_NOT_FOUND', 'not_found', (id: string) => `There is no book ${id}.`)
export const TitleTaken = domainError('TITLE_TAKEN', 'conflict', (title: string) => `"${title}" is taken.`)
export const TitleForbidden = domainError(
  'TITLE_FORBIDDEN',
  'unprocessable',
  () => 'This title is not allowed.',
  () => ({ fields: [{ pointer: '/title', detail: 'Choose another one.' }] }),
)

const Title = z.string().min(1).max(200)

export const GetBook = query('library.get_book', {
  input: z.strictObject({ bookId: CourseId }),
  output: Book,
  errors: [BookNotFound],
  scope: 'public',
})
export const ListBooks = query('library.list_books', {
  input: PageQuery.extend({
    inPrint: z.boolean().optional(),
    tags: z.array(z.string().max(20)).max(5).optional(),
    sort: z.enum(['title', 'published']).default('title'),
  }),
  output: pageOf(Book),
  scope: 'public',
})
export const AddBook = command('library.add_book', {
  input: z.strictObject({ title: Title, price: Money.nullable(), shelf: z.strictObject({ row: z.int() }).optional() }),
  output: Book,
  errors: [TitleTaken, TitleForbidden],
  scope: 'books:write',
  idempotent: true,
})
export const RenameBook = command('library.rename_book', {
  input: z.object({ bookId: CourseId, title: Title, expectedVersion: z.int().min(1) }),
  output: Book,
  errors: [BookNotFound],
  scope: 'books:write',
})
export const RemoveBook = command('library.remove_book', {
  input: z.strictObject({ bookId: CourseId, reason: z.string().max(100).optional() }),
  output: z.void(),
  errors: [BookNotFound],
  scope: 'books:write',
})
export const LendBook = command('library.lend_book', {
  input: z.strictObject({ bookId: CourseId }),
  output: z.discriminatedUnion('status', [
    z.object({ status: z.literal('LENT'), until: Instant }),
    z.object({ status: z.literal('QUEUED'), place: z.int(), ahead: z.array(UserId) }),
  ]),
  errors: [BookNotFound],
  scope: 'books:write',
})

export const libraryRoutes = [
  route(GetBook, {
    method: 'get',
    path: '/v1/books/{bookId}',
    tag: 'Books',
    summary: 'Get a book',
    links: { AddBook: { operationId: 'addBook', parameters: {} } },
  }),
  route(ListBooks, { method: 'get', path: '/v1/books', tag: 'Books', summary: 'List books' }),
  route(AddBook, {
    method: 'post',
    path: '/v1/books',
    status: 201,
    tag: 'Books',
    summary: 'Add a book',
    location: ({ bookId }) => `/v1/books/${bookId}`,
    alternative: { status: 200, description: 'It was there.', when: ({ version }) => version > 1 },
    examples: { input: { title: 'The Mill on the Floss' } },
  }),
  route(RenameBook, { method: 'patch', path: '/v1/books/{bookId}', tag: 'Books', summary: 'Rename a book' }),
  route(RemoveBook, {
    method: 'delete',
    path: '/v1/books/{bookId}',
    status: 204,
    tag: 'Books',
    summary: 'Remove a book',
    deprecated: { since: '2026-11-01T00:00:00.000Z', sunset: '2027-11-01T00:00:00.000Z' },
  }),
  route(LendBook, {
    method: 'post',
    path: '/v1/books/{bookId}/loans',
    status: 202,
    tag: 'Loans',
    summary: 'Lend a book',
    rateLimit: { limit: 2, windowSeconds: 60, onFailure: 'closed' },
  }),
  rawRoute({
    method: 'get',
    path: '/v1/books/popular',
    operationId: 'getPopularBooks',
    tag: 'Books',
    summary: 'Get the popular books as text',
    scope: 'public',
    dependencies: {},
    responses: { 200: { description: 'One a line.', mediaType: 'text/plain', example: 'Emma' } },
    handle: () => ({ type: 'text/plain; charset=utf-8', body: 'Emma\n' }),
  }),
  rawRoute({
    method: 'post',
    path: '/v1/books/deliveries',
    operationId: 'receiveDelivery',
    tag: 'Books',
    summary: 'Receive a signed delivery note',
    scope: 'public',
    dependencies: {},
    maxBodyBytes: 100,
    requestBody: { mediaType: 'application/json', description: 'As the supplier signed it.', example: '{}' },
    responses: {
      202: { description: 'Taken.', mediaType: 'text/plain', example: '2' },
      299: { description: 'A book.', mediaType: 'application/json', schema: jsonSchemaOf(Book, 'output', 'delivery') },
    },
    handle: async (request) => ({ status: 202, type: 'text/plain', body: String((await request.text()).length) }),
  }),
]
