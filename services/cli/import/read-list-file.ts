import { readFile, stat } from 'node:fs/promises'

export type ListFile = { text: string } | { problem: string }

const maxBytes = 16 * 1024 * 1024

/** The text of a file, or one sentence on why it has none to read. */
export async function readListFile(path: string): Promise<ListFile> {
  try {
    const info = await stat(path)
    if (info.isDirectory()) return { problem: 'is a directory: name the files in it' }
    if (!info.isFile()) return { problem: 'is not a regular file' }
    if (info.size > maxBytes) return { problem: `is larger than ${maxBytes / 1024 / 1024} MiB` }
    return decode(await readFile(path))
  } catch (error) {
    return { problem: systemProblem(error) }
  }
}

function decode(bytes: Buffer): ListFile {
  if (bytes.length === 0) return { problem: 'is empty' }
  if (bytes.includes(0)) return { problem: 'is a binary file, not Markdown in UTF-8' }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { problem: `is not UTF-8 (line ${lineOfInvalidByte(bytes)}): save it in that encoding` }
  }
}

// Complete lines decode on their own, since no byte of a UTF-8 sequence is a line feed.
function lineOfInvalidByte(bytes: Buffer): number {
  const repaired = bytes.toString('utf8').split('\n')
  const written = bytes.toString('latin1').split('\n')
  const at = repaired.findIndex((line, index) => !Buffer.from(line).equals(Buffer.from(written[index] ?? '', 'latin1')))
  return at + 1
}

function systemProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist'
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user'
  return `cannot be read: ${error instanceof Error ? error.message : String(error)}`
}
