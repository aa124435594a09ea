// What differs in writing but not in reading: accents, vowel points, tatweel, invisible joiners, letter variants.
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g
const MARKS =
  /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]/g
const VARIANT = /[ßςıæœøłđىیک]/g
const VARIANTS = new Map(Object.entries({ ß: 'ss', ς: 'σ', ı: 'i', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd' }))
VARIANTS.set('\u0649', '\u064a').set('\u06cc', '\u064a').set('\u06a9', '\u0643')

// A run of a script that writes no spaces is one word; marks such as `c++` and `c#` stay with the letters before them.
const WORD =
  /[[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}]&&[\p{L}\p{M}\p{N}]]+|[[\p{L}\p{M}\p{N}]--[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}]]+[+#]*/gv

function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(INVISIBLE, '')
    .replace(MARKS, '')
    .normalize('NFC')
    .replace(VARIANT, (letter) => VARIANTS.get(letter) ?? letter)
}

/** The words of a text in the one form that titles and queries share. */
export const words = (text: string): string[] => fold(text).match(WORD) ?? []

/** Words between spaces, so that `includes` can tell a whole word, the beginning of one, and the inside of one. */
export const searchable = (text: string): string => ` ${words(text).join(' ')} `
