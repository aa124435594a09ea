// Names that would lose what tells them apart: C++ and C# are not C, .NET is not "net", Node.js is NodeJS.
const spelledOut: [RegExp, string][] = [
  [/(?<![\p{L}\p{N}])c\+\+/gu, 'cpp '],
  [/(?<=\p{L})[#\u266f]/gu, '-sharp '],
  [/(?<![\p{L}\p{N}])\.net(?![\p{L}\p{N}])/gu, 'dotnet'],
  [/(?<=[\p{L}\p{N}])\.js(?![\p{L}\p{N}])/gu, 'js'],
  [/&/g, ' and '],
  [/\+/g, ' plus '],
  [/['\u2019\u200d]/g, ''],
]

/** The slug of a heading in any script: lower-case letters, marks and digits, joined by hyphens. Never empty. */
export function subjectSlug(name: string): string {
  const words = spelledOut
    .reduce((text, [pattern, spelling]) => text.replace(pattern, spelling), name.normalize('NFKC').toLowerCase())
    .normalize('NFC')
    .match(/[\p{L}\p{M}\p{N}]+/gu)
  return words?.join('-') ?? `u-${[...name].map((character) => character.codePointAt(0)?.toString(16)).join('-')}`
}
