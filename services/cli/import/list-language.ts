import { basename } from 'node:path'

const languageInName = /-([A-Za-z]{2,3}(?:[_-](?:[A-Z]{2}|[A-Z][a-z]{3}|\d{3}))?)\.[^.]+$/

/** The BCP 47 tag in a file name: `free-courses-fa_IR.md` gives `fa-IR`; undefined where the name holds none. */
export function languageOfFile(path: string): string | undefined {
  const tag = languageInName.exec(basename(path))?.[1]
  return tag && canonicalLanguage(tag.replace('_', '-'))
}

/** The tag in its canonical spelling, or undefined where it is not BCP 47. */
export function canonicalLanguage(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}
