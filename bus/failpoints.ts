/**
 * Places where a process can die between two effects. Each registers itself by name when its module is loaded or wired,
 * so that the crash suite derives its cases from what exists. In production a failpoint is one undefined check.
 */
const names = new Set<string>()
let hook: ((name: string) => void | Promise<void>) | undefined

/** Registers a place and returns the function to call there. */
export const failpoint = (name: string): (() => void | Promise<void>) => {
  names.add(name)
  return () => hook?.(name)
}

/** Every registered place, in order of name. */
export const registeredFailpoints = (): string[] => [...names].sort()

/** Sets what happens at a place; test hosts kill the process here. `undefined` ends it. */
export const onFailpoint = (next: typeof hook): void => {
  hook = next
}
