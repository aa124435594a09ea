import { type ProblemItem, REFUSALS, Refusal } from './refusals.ts'

const DETAIL = 'Must be Unicode text without NUL.'

/**
 * Refuses a NUL and half a surrogate pair: stores keep neither, and databases fail over them.
 * @param at where the text stands
 */
export const requireStorable = (
  text: string,
  at: () => { readonly pointer: string } | { readonly parameter: string },
): void => {
  if (!text.includes('\0') && text.isWellFormed()) return
  const item: ProblemItem = { ...at(), detail: DETAIL }
  throw new Refusal(REFUSALS.invalidInput, { items: [item] })
}
