import { describe, expect, test } from 'vitest'
import { arabicList, hindiList, japaneseList } from './fixtures.ts'
import { linesOf } from './markdown.ts'
import { parseCourseList } from './parse-course-list.ts'

const parse = (text: string) => parseCourseList(text, { language: 'en' })
/** One item under one heading. */
const parseItem = (item: string) => parse(`### Baking\n\n${item}\n`)
const reasons = (text: string) => parse(text).refused.map(({ line, reason }) => `${line}: ${reason}`)

describe('scripts', () => {
  test('a right-to-left list is read through its div, without direction marks', () => {
    const list = parseCourseList(arabicList, { language: 'ar' })
    expect(list.refused).toEqual([])
    expect(list.index).toEqual([5, 6, 7])
    expect(list.items).toEqual([
      {
        line: 12,
        title: 'أساسيات C++ للمبتدئين',
        url: 'https://courses.example.org/ar/cpp',
        subject: { name: 'C++', slug: 'cpp', path: [] },
        language: 'ar',
        authors: 'نورا التجريبية',
        platform: 'Nileschool',
        notes: [],
      },
      {
        line: 17,
        title: 'غرز سهلة',
        url: 'https://courses.example.org/ar/knit',
        subject: { name: 'الحياكة', slug: 'الحياكة', path: [] },
        language: 'ar',
        notes: ['التسجيل مطلوب'],
      },
      {
        line: 22,
        title: 'أنواع الصوف',
        url: 'https://courses.example.org/ar/wool',
        subject: { name: 'الصوف', slug: 'الصوف', path: [{ name: 'الحياكة', slug: 'الحياكة' }] },
        language: 'ar',
        authors: 'Wool House',
        notes: [],
      },
    ])
  })

  test('a Japanese list keeps its letters in slugs and reads full-width parentheses', () => {
    const { items } = parseCourseList(japaneseList, { language: 'ja' })
    expect(items.map(({ subject }) => subject.slug)).toEqual(['0-入門-はじめに', '人工知能', '人工知能'])
    expect(items[0]).toMatchObject({ authors: '架空太郎', platform: '折紙学園', notes: ['アカウントが必要'] })
  })

  test('a Hindi list keeps vowel signs and joiners, which are spelling', () => {
    const { items, refused } = parseCourseList(hindiList, { language: 'hi' })
    expect(items[0]).toMatchObject({
      title: 'क्‍या है संधि [HINDI]',
      subject: { slug: 'हिन्दी-व्याकरण' },
      authors: 'काल्पनिक गुरु',
      platform: 'Pathshala',
      notes: ['in process'],
    })
    expect(refused).toEqual([{ line: 10, text: '* [टूटा लिंक](hi/broken)', reason: expect.stringContaining('relative') }])
  })

  test('text is normalised to NFC', () => {
    expect(parseItem('* [Cre\u0300me](https://example.org/creme)').items[0]?.title).toBe('Cr\u00e8me')
  })

  test('a byte order mark and Windows line ends change neither text nor line numbers', () => {
    const { items } = parse('\ufeff### Baking\r\n\r\n* [Bread](https://example.org/bread) - Ada\r\n')
    expect(items[0]).toMatchObject({ line: 3, title: 'Bread', authors: 'Ada', subject: { name: 'Baking' } })
  })
})

describe('headings', () => {
  const outline = (text: string) =>
    parse(text).items.map(({ subject }) => [...subject.path.map(({ slug }) => slug), subject.slug].join(' > '))
  const item = (name: string) => `* [${name}](https://example.org/${name})\n`

  test('deeper headings have the headings above them as parents', () => {
    const text = `### Crafts\n${item('a')}\n#### Wood\n${item('b')}\n##### Oak\n${item('c')}\n### Music\n${item('d')}`
    expect(outline(text)).toEqual(['crafts', 'crafts > wood', 'crafts > wood > oak', 'music'])
  })

  test('the title of the page is nobody’s parent', () => {
    const text = `# Free courses\n\n## Index\n* [Crafts](#crafts)\n\n## Crafts\n${item('a')}\n### Wood\n${item('b')}`
    expect(outline(text)).toEqual(['crafts', 'crafts > wood'])
  })

  test('one heading written a level too high does not become the parent of all that follow', () => {
    const text = `### Index\n* [Crafts](#c)\n\n### Crafts\n${item('a')}\n## Wood \n${item('b')}\n### Music\n${item('c')}`
    expect(outline(text)).toEqual(['crafts', 'wood', 'music'])
  })

  test('an item above all headings is refused', () => {
    expect(reasons('* [Bread](https://example.org/bread)')).toEqual(['1: the item stands under no heading'])
  })
})

describe('items', () => {
  const credits = (item: string) => {
    const [first] = parseItem(item).items
    return [first?.title, first?.authors, first?.platform, first?.notes]
  }

  test.each([
    ['* [Bread](https://example.org)', ['Bread', undefined, undefined, []]],
    ['* [Bread](https://example.org) - Ada Crumb, Bo Loaf', ['Bread', 'Ada Crumb, Bo Loaf', undefined, []]],
    ['* [Bread](https://example.org) – Ada (Crumbly)', ['Bread', 'Ada', 'Crumbly', []]],
    ['* [Bread](https://example.org) (Crumbly)', ['Bread', undefined, 'Crumbly', []]],
    ['* [Bread](https://example.org) Ada (Crumbly (North) Ltd.)', ['Bread', 'Ada', 'Crumbly (North) Ltd.', []]],
    ['* [Bread](https://example.org) (Crumbly) - Ada', ['Bread', 'Ada', 'Crumbly', []]],
    ['* [Bread](https://example.org) - Ada (a baker), Bo', ['Bread', 'Ada (a baker), Bo', undefined, []]],
    ['* [Bread](https://example.org) - Ada *(account required)*', ['Bread', 'Ada', undefined, ['account required']]],
    ['* [Bread](https://example.org) (Crumbly) (e-mail *needed*)', ['Bread', undefined, 'Crumbly', ['e-mail needed']]],
    ['* [Bread](https://example.org) *( :card_file_box: archived)*', ['Bread', undefined, undefined, ['archived']]],
    ['* [Bread](https://example.org) - Ada (:construction:)', ['Bread', 'Ada', undefined, ['construction']]],
    ['* [**Bread** and *salt* `now`](https://example.org)', ['Bread and salt now', undefined, undefined, []]],
    ['* **[Bread](https://example.org)** - Ada', ['Bread', 'Ada', undefined, []]],
    [
      '* [Bread \\[2020\\] [full]](https://example.org) - `tch.:` Ada',
      ['Bread [2020] [full]', 'tch.: Ada', undefined, []],
    ],
    ['* [![Bread](https://example.org/b.png)](https://example.org) - Ada', ['Bread', 'Ada', undefined, []]],
    ['* Winter: [Bread](https://example.org)', ['Bread', undefined, undefined, ['Winter:']]],
  ])('%s', (item, expected) => expect(credits(item)).toEqual(expected))

  test('the first web link of a line is the course, the others are noted', () => {
    expect(credits('* [top](#top) [Bread](https://example.org/1) - Ada ([Video](https://example.org/2))')).toEqual([
      'Bread',
      'Ada',
      'Video',
      ['top', 'also: #top', 'also: https://example.org/2'],
    ])
  })

  test('reference links are looked up', () => {
    const { items } = parseItem(
      '* [Bread][loaf] - Ada\n* [Salt]\n\n[loaf]: https://example.org/l\n[salt]: https://example.org/s',
    )
    expect(items.map(({ title, url }) => [title, url])).toEqual([
      ['Bread', 'https://example.org/l'],
      ['Salt', 'https://example.org/s'],
    ])
  })

  test('nested, numbered, quoted and doubly marked items count like any other', () => {
    const list = parseItem(
      [
        '* [A](https://example.org/a)',
        '    * [B](https://example.org/b)',
        '        1. [C](https://example.org/c)',
        '* Bakery:',
        '    * [D](https://example.org/d)',
        '* * [E](https://example.org/e)',
        '',
        '> * [F](https://example.org/f)',
      ].join('\n'),
    )
    expect(list.items.map(({ title, line }) => `${title}${line}`)).toEqual(['A3', 'B4', 'C5', 'D7', 'E8', 'F10'])
    expect(list.refused).toEqual([{ line: 6, text: '* Bakery:', reason: 'the item has no link' }])
  })

  test('a div that directly touches the items does not hide them', () => {
    const list = parse(
      '<div dir="rtl">\n### Baking\n* [A](https://example.org/a)\n</div>\n<p>\n* [B](https://example.org/b)\n</p>',
    )
    expect(list.items.map(({ line }) => line)).toEqual([3, 6])
  })
})

describe('refusals', () => {
  test.each([
    ['* Bread', 'the item has no link'],
    ['*', 'the item has no text'],
    ['* [Bread]()', 'the link has no address'],
    ['* [](https://example.org)', 'the link has no text, so the course has no title'],
    ['* [Bread](bread.md)', 'the link is relative: an address begins with https:// or http://'],
    ['* [Bread](example.org/bread)', 'the link is relative: an address begins with https:// or http://'],
    ['* [Bread](ftp://example.org/bread)', 'the link begins with ftp:, not with https:// or http://'],
    ['* [Bread](mailto:ada@example.org)', 'the link begins with mailto:, not with https:// or http://'],
    ['* [Bread](javascript:alert)', 'the link begins with javascript:, not with https:// or http://'],
    ['* [Bread](https://)', 'the address is not a valid URL'],
    ['* [Bread](https://ada:secret@example.org)', 'the address holds a user name or a password'],
    ['* [Bread][nowhere]', 'the item has no link'],
    ['* <a href="https://example.org">Bread</a>', 'the item has HTML instead of a Markdown link'],
    ['[Bread](https://example.org)', 'a link outside a list item'],
    ['    * [Bread](https://example.org)', 'the line is inside a block of code, not in a list'],
    ['<!-- * [Bread](https://example.org) -->', 'the line is inside a block of HTML, not in a list'],
  ])('%s', (item, reason) => expect(parseItem(item).refused).toEqual([{ line: 3, text: item.trim(), reason }]))

  test('a link to a heading is the index before the first course, and refused after it', () => {
    const list = parse('### Inhalt\n* [Baking](#baking)\n\n### Baking\n* [A](https://example.org/a)\n* [up](#inhalt)')
    expect(list.index).toEqual([2])
    expect(list.refused).toEqual([{ line: 6, text: '* [up](#inhalt)', reason: 'the link points inside the page' }])
  })

  test('a remark that points to other headings is no course and no mistake', () => {
    expect(reasons('### Baking\n\n> See also [Salt](#salt)')).toEqual([])
  })

  test('an item whose marker lacks its space is reported, and leaves the item before it whole', () => {
    const list = parseItem('* [A](https://example.org/a) - Ada\n*[B](https://example.org/b)')
    expect(list.items.map(({ title }) => title)).toEqual(['A'])
    expect(list.refused).toEqual([
      {
        line: 4,
        text: '*[B](https://example.org/b)',
        reason: 'a further link of the item above, not an item of its own',
      },
    ])
  })

  test('reported text holds no control characters and is cut short', () => {
    const [refusal] = parseItem(`* \u001b[31m${'x'.repeat(200)}`).refused
    expect(refusal?.text).toBe(`* [31m${'x'.repeat(113)}…`)
  })
})

test('every line with a list item is an item, a refusal or the index', () => {
  for (const text of [arabicList, japaneseList, hindiList]) {
    const { items, refused, index } = parse(text)
    const accounted = [...items, ...refused].map(({ line }) => line).concat(index)
    const written = linesOf(text).flatMap((line, at) => (/^\s*\* /.test(line) ? [at + 1] : []))
    expect(accounted.toSorted((a, b) => a - b)).toEqual(written)
  }
})
