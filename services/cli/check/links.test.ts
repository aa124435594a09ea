import { describe, expect, test } from 'vitest'
import { deadLinks } from '#services/cli/check/links.ts'

describe('dead links of a page', () => {
  test.each([
    ['a file that is not there', '[x](missing.md)'],
    ['a file that is not there from this folder', '[x](package.json)'],
    ['a picture that is not there', '![x](missing.png)'],
    ['a reference whose definition leads nowhere', '[x][y]\n\n[y]: missing.md'],
    ['a heading that is not there', '# Here\n\n[x](#there)'],
  ])('are found: %s', (_, source) => {
    expect(deadLinks('services/page.md', source)).toHaveLength(1)
  })

  test.each([
    ['a file of the project', '[x](../package.json)'],
    ['a folder of the project', '[x](cli/)'],
    ['another site', '[x](https://example.com/missing.md)'],
    ['an address in a code block', '```\n[x](missing.md)\n```'],
    ['a heading of the page', '## Two commands, `npm start`\n\n[x](#two-commands-npm-start)'],
    ['the second heading of one name', '# A\n\n# A\n\n[x](#a-1)'],
  ])('do not include %s', (_, source) => {
    expect(deadLinks('services/page.md', source)).toEqual([])
  })

  test('are named with their line', () => {
    expect(deadLinks('services/page.md', '# Page\n\n[x](missing.md)')).toEqual([
      'services/page.md:3 links to missing.md, which does not exist',
    ])
  })
})
