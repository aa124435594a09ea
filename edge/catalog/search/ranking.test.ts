import { expect, test } from 'vitest'
import { courseView } from '#edge/read-models/testing/course-view.ts'
import { noFilter, snapshotOf } from '../testing/snapshot.ts'
import { matching } from './matching.ts'
import { words } from './text.ts'

const find = (q: string, ...titles: string[]) => {
  const snapshot = snapshotOf(titles.map((title, n) => courseView(n, { title, subject: { slug: 's', name: 'Other' } })))
  return matching(snapshot, { ...noFilter, q: words(q).join(' ') }, 0)
    .sort((a, b) => b.score - a.score)
    .map(({ course }) => course.card.title)
}

test('a whole word comes before its beginning, and that before its inside', () => {
  expect(find('graph', 'Cartography', 'Graphics', 'Graph theory')).toEqual(['Graph theory', 'Graphics', 'Cartography'])
})

test('every word must be found', () => {
  expect(find('linear algebra', 'Linear algebra', 'Linear motion', 'Algebra')).toEqual(['Linear algebra'])
})

test('two letters do not match inside Latin words', () => {
  expect(find('ar', 'Cartography', 'Art')).toEqual(['Art'])
})

test.each([
  ['Arabic without its article', 'خوارزميات', 'سلسلة الخوارزميات وحل المشاكل'],
  ['Hindi', 'प्रोग्रामिंग', 'पाइथन प्रोग्रामिंग सीखें'],
  ['Chinese inside a sentence', '学习', '机器学习入门教程'],
  ['one Chinese character', '学', '机器学习入门教程'],
  ['Chinese with other characters between', '机器学入门', '机器学入门学习'],
  ['Japanese', 'プログラミング', 'はじめてのプログラミング講座'],
  ['Korean with a particle', '프로그래밍', '프로그래밍을 배우자'],
  ['Thai', 'โปรแกรม', 'การเขียนโปรแกรมเบื้องต้น'],
  ['the Latin word of a mixed title', 'python', 'Python入门'],
])('finds %s', (_, q, title) => {
  expect(find(q, title, 'Something else')).toEqual([title])
})

test('all pairs of characters are a weak match where there are no spaces', () => {
  expect(find('机器学习', '机器与学习', '机器学', '学机器学习器')).toEqual(['学机器学习器'])
  expect(find('学习机器学', '机器学习机器', '机器学')).toEqual(['机器学习机器'])
})

test('finds by subject and tutor, below the title', () => {
  const snapshot = snapshotOf([
    courseView(1, { title: 'Numbers', tutor: { ...courseView(1).tutor, name: 'Emmy Noether' } }),
    courseView(2, { title: 'Noether rings' }),
  ])
  const matches = matching(snapshot, { ...noFilter, q: 'noether' }, 0).sort((a, b) => b.score - a.score)
  expect(matches.map(({ course }) => course.card.title)).toEqual(['Noether rings', 'Numbers'])
  expect(matching(snapshot, { ...noFilter, q: 'algebra' }, 0)).toHaveLength(2)
})
