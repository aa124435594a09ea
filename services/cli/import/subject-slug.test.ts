import { expect, test } from 'vitest'
import { subjectSlug } from './subject-slug.ts'

test.each([
  ['C', 'c'],
  ['C++', 'cpp'],
  ['Visual C++ Basics', 'visual-cpp-basics'],
  ['C#', 'c-sharp'],
  ['F# Basics', 'f-sharp-basics'],
  ['.NET', 'dotnet'],
  ['.NET Core', 'dotnet-core'],
  ['ASP.NET', 'asp-net'],
  ['Node.js', 'nodejs'],
  ['NodeJS', 'nodejs'],
  ['C/C++', 'c-cpp'],
  ['Notepad++', 'notepad-plus-plus'],
  ['Algorithms & Data Structures', 'algorithms-and-data-structures'],
  ['0 - MOOC', '0-mooc'],
  ['Künstliche Intelligenz', 'künstliche-intelligenz'],
  ['人工知能', '人工知能'],
  ['ＡＩ', 'ai'],
  ['हिन्दी व्याकरण', 'हिन्दी-व्याकरण'],
  ['ภาษาไทย', 'ภาษาไทย'],
  ['🎮', 'u-1f3ae'],
])('%s becomes %s', (name, slug) => expect(subjectSlug(name)).toBe(slug))
