const escapeOf = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

// JSON escapes C0 itself; terminals and viewers also obey C1, line separators and directions of writing.
const beyondJson = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** For one line of JSON: what could break or disguise the line becomes an escape that JSON reads back. */
export const escapeInJson = (line: string): string => line.replace(beyondJson, escapeOf)

const controls = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu

/** For text on a terminal: nothing in it moves the cursor, starts a line or changes colours. */
export const escapeControls = (text: string): string => text.replace(controls, escapeOf)
