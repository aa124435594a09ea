import type { Terminal } from '../client/terminal.ts'

const barWidth = 30

export type Progress = { advance(count: number): void; end(): void }

/** A bar that redraws one line where somebody watches, else one plain line per batch. */
export function showProgress(terminal: Terminal, total: number): Progress {
  let done = 0
  const { redraw } = terminal
  const bar = () => {
    const filled = Math.round((barWidth * done) / total)
    const percent = Math.floor((100 * done) / total)
    return `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ${percent} %  ${done} of ${total} courses`
  }
  redraw?.(bar())
  return {
    advance(count) {
      done += count
      if (redraw) redraw(bar())
      else terminal.error(`${done} of ${total} courses`)
    },
    end: () => redraw?.(''),
  }
}
