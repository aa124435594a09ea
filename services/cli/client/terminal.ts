/** Where a command writes: results to `out`, progress and complaints to `error`. */
export type Terminal = {
  out(line: string): void
  error(line: string): void
  /** Writes over the current line; absent where nobody watches. */
  redraw?: (text: string) => void
}

export function processTerminal(): Terminal {
  const { stdout, stderr } = process
  return {
    out: (line) => stdout.write(`${line}\n`),
    error: (line) => stderr.write(`${line}\n`),
    ...(stderr.isTTY && { redraw: (text: string) => stderr.write(`\r\u001b[K${text.slice(0, stderr.columns - 1)}`) }),
  }
}
