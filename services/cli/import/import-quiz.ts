import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { QuizTerms } from '#domain/learning/quiz.ts'
import { ClientFailure } from '../client/client-failure.ts'
import { adminLogin, type Login } from '../client/credentials.ts'
import { maxTries, type Patience, persistentFetch } from '../client/persistent-fetch.ts'
import { accessToken, problemText } from '../client/sign-in.ts'
import type { Terminal } from '../client/terminal.ts'
import { giftQuestions, type GiftQuestions } from './gift-questions.ts'

export type QuizImportOptions = {
  file: string
  lessonId: string
  baseUrl: URL
  dataDirectory: string
  login?: Login
  title?: string
  questionsPerAttempt?: number
  maxAttempts?: number
  passPercent: number
}

export type QuizSurroundings = { terminal: Terminal; wait: Patience['wait'] }

/** Writes a quiz from a GIFT file; the exit code is 0 when all of its questions were written or refused by name, else 1. */
export async function importQuiz(options: QuizImportOptions, { terminal, wait }: QuizSurroundings): Promise<0 | 1> {
  try {
    const read = giftQuestions(await textOf(options.file))
    for (const { line, title, reason } of read.refused) terminal.out(`${options.file}:${line}: ${title}: ${reason}`)
    await send(termsOf(options, read), options, wait)
    terminal.out(`${read.questions.length} questions written, ${read.refused.length} refused.`)
    return 0
  } catch (error) {
    if (!(error instanceof ClientFailure)) throw error
    terminal.error(error.message)
    return 1
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new ClientFailure(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function termsOf(options: QuizImportOptions, { category, questions }: GiftQuestions): QuizTerms {
  const {
    file,
    title = category ?? basename(file, extname(file)),
    questionsPerAttempt,
    maxAttempts,
    passPercent,
  } = options
  const terms = QuizTerms.safeParse({ title, questions, questionsPerAttempt, maxAttempts, passPercent })
  if (terms.success) return terms.data
  const [issue] = terms.error.issues
  throw new ClientFailure(`${file} makes no quiz: ${issue?.path.join('.')}: ${issue?.message}`)
}

async function send(terms: QuizTerms, options: QuizImportOptions, wait: Patience['wait']): Promise<void> {
  const { baseUrl, lessonId, dataDirectory, login = await adminLogin(dataDirectory) } = options
  const token = await accessToken(baseUrl, login, { wait, unanswered: 1 })
  const url = new URL(`v1/lessons/${encodeURIComponent(lessonId)}/quiz`, baseUrl)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const request = { method: 'PUT', headers, body: JSON.stringify(terms) }
  const answer = await persistentFetch(url, request, { wait, unanswered: maxTries })
  if (answer.status !== 200) throw new ClientFailure(`The quiz was not written: ${problemText(answer)}.`)
}
