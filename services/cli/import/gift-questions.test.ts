import { describe, expect, test } from 'vitest'
import { giftQuestions } from './gift-questions.ts'

const only = (text: string) => {
  const { questions, refused } = giftQuestions(text)
  expect(refused).toEqual([])
  expect(questions).toHaveLength(1)
  return questions[0]
}
const reason = (text: string) => {
  const { questions, refused } = giftQuestions(text)
  expect(questions).toEqual([])
  return refused[0]?.reason
}
const options = (...texts: string[]) =>
  texts.map((text) => ({ text: text.replace(/^=/, ''), right: text.startsWith('=') }))

describe('GIFT', () => {
  test.each([
    [
      '::a:: One? {=yes ~no ~maybe#not so}',
      { kind: 'single', prompt: 'One?', options: options('=yes', 'no', 'maybe') },
    ],
    ['Two? {~%50%a ~%50%b ~%-100%c}', { kind: 'multiple', prompt: 'Two?', options: options('=a', '=b', 'c') }],
    [
      'Thirds? {~%33.3%a ~%33.3%b ~%33.3%c ~d}',
      { kind: 'multiple', prompt: 'Thirds?', options: options('=a', '=b', '=c', 'd') },
    ],
    ['Round? {T}', { kind: 'single', prompt: 'Round?', options: options('=True', 'False') }],
    ['Flat? {FALSE}', { kind: 'single', prompt: 'Flat?', options: options('True', '=False') }],
    ['Near pi? {#3:0.5}', { kind: 'numeric', prompt: 'Near pi?', min: 2.5, max: 3.5 }],
    ['A die? {#1..6}', { kind: 'numeric', prompt: 'A die?', min: 1, max: 6 }],
    ['Exactly? {#-7}', { kind: 'numeric', prompt: 'Exactly?', min: -7, max: -7 }],
    ['Who? {=Grant =U. S. Grant}', { kind: 'text', prompt: 'Who?', accepted: ['Grant', 'U. S. Grant'] }],
    ['Set \\{a\\}? {=a\\=b ~c}', { kind: 'single', prompt: 'Set {a}?', options: options('=a=b', 'c') }],
    ['Paris is {=in ~on} France.', { kind: 'single', prompt: 'Paris is _____ France.', options: options('=in', 'on') }],
  ])('%s', (text, question) => {
    expect(only(text)).toEqual(question)
  })

  test.each([
    ['::m:: Match {=a -> b =c -> d}', 'matching'],
    ['Write. {}', 'essay'],
    ['Only a text', 'asks nothing'],
    ['None? {~a ~b}', 'no right answer'],
    ['Half? {~%50%a ~b}', 'no right answer'],
    ['Part? {=a =%50%b}', 'part of the points'],
    ['Numbers? {#=3:0 =%50%4:1}', 'several numbers'],
    ['[html]<b>Bold</b> {=a ~b}', 'HTML'],
    ['Broken {=a ~b', 'not GIFT'],
    [`Long? {=${'a'.repeat(501)} ~b}`, 'options'],
  ])('%s is refused', (text, why) => {
    expect(reason(text)).toContain(why)
  })

  test('is read question by question: what is refused is named with its line and costs no other', () => {
    const text = [
      '\uFEFF// A comment alone',
      '',
      '$CATEGORY: earth/rivers',
      '',
      '::one:: A? {=a ~b}',
      '',
      '::two:: Pairs {=a -> b =c -> d}',
      '',
      '::three:: After it? {T}',
      '',
      'Without a title {',
      '=a',
      '~b',
      '',
      '// Before a question',
      '::four:: B? {=a ~b}',
    ].join('\r\n')
    const { category, questions, refused } = giftQuestions(text)
    expect(category).toBe('rivers')
    expect(questions.map(({ prompt }) => prompt)).toEqual(['A?', 'After it?', 'B?'])
    expect(refused).toMatchObject([
      { line: 7, title: 'two', reason: 'a matching question' },
      { line: 14, title: 'Without a title { =a ~b' },
    ])
  })

  test('an empty file holds nothing', () => {
    expect(giftQuestions('\n // nothing\n')).toEqual({ category: undefined, questions: [], refused: [] })
  })
})
