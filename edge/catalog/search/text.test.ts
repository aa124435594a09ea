import { expect, test } from 'vitest'
import { words } from './text.ts'

test.each([
  ['accents and case', 'École Ángström', 'ecole angstrom'],
  ['sharp s and ligatures', 'Straße Œuvre', 'strasse oeuvre'],
  ['final sigma', 'ΛΟΓΟΣ', 'λογοσ'],
  ['full width', 'Ｐｙｔｈｏｎ３', 'python3'],
  ['Turkish dotted and dotless i', 'İstanbul ışık', 'istanbul isik'],
  ['Arabic vowel points, tatweel and hamza', 'الخُوارِزْمِيّــات أساس', 'الخوارزميات اساس'],
  ['Persian letters as the Arabic ones', 'کتاب فارسی', 'كتاب فارسي'],
  ['Hebrew points', 'שָׁלוֹם', 'שלום'],
  ['Russian', 'Ёлка', 'елка'],
  ['invisible joiners', 'می\u200cخواهم', 'ميخواهم'],
])('reads %s in one form', (_, text, form) => {
  expect(words(text).join(' ')).toBe(form)
})

test('keeps the vowel signs of Hindi, which are letters to its readers', () => {
  expect(words('की')).not.toEqual(words('का'))
})

test('keeps the names of programming languages apart', () => {
  expect(words('C, C++, C# and .NET')).toEqual(['c', 'c++', 'c#', 'and', 'net'])
})

test('ends a word where the script changes to one without spaces', () => {
  expect(words('Python入门（第1章）')).toEqual(['python', '入门', '第', '1', '章'])
})
