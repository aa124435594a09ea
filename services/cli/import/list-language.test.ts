import { expect, test } from 'vitest'
import { canonicalLanguage, languageOfFile } from './list-language.ts'

test.each([
  ['free-courses-fr.md', 'fr'],
  ['/lists/free-courses-fa_IR.md', 'fa-IR'],
  ['free-courses-zh_Hant.md', 'zh-Hant'],
  ['free-courses-pt-BR.md', 'pt-BR'],
  ['free-courses-fil.md', 'fil'],
  ['courses.md', undefined],
  ['reading-list.md', undefined],
])('%s is in %s', (file, language) => expect(languageOfFile(file)).toBe(language))

test('a tag that is not BCP 47 is none', () => expect(canonicalLanguage('fa_IR')).toBeUndefined())
