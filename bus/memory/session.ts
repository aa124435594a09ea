/** The connection of one process to the state of its service. */
export interface Session {
  readonly ended: boolean
  /** Runs one atomic access. After the end it never returns, as nothing does in a process that was killed. */
  access<T>(work: () => T): Promise<T>
  end(): void
}

export const openSession = (): Session => {
  let ended = false
  return {
    get ended() {
      return ended
    },
    access: async (work) => (ended ? new Promise(() => undefined) : work()),
    end: () => {
      ended = true
    },
  }
}
