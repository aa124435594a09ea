import { readFile } from 'node:fs/promises'

/** One instruction of a Dockerfile, its continuation lines joined. */
export interface Instruction {
  readonly name: string
  readonly text: string
}

/** One `FROM ... AS name` with what follows it. */
export interface Stage {
  readonly name: string
  readonly from: string
  readonly instructions: readonly Instruction[]
}

export interface Dockerfile {
  /** Of the `ARG`s before the first stage. */
  readonly defaults: Readonly<Record<string, string>>
  readonly stages: readonly Stage[]
}

const instructionsOf = (text: string): Instruction[] =>
  text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => {
      const [, name, rest] = /^([A-Z]+)\s+(.+)$/.exec(line.trim()) ?? []
      if (name === undefined || rest === undefined) throw new Error(`No instruction: ${line}`)
      return { name, text: rest }
    })

/** Reads as much of the syntax as our file uses; throws for a line that is none of it. */
const parseDockerfile = (text: string): Dockerfile => {
  const defaults: Record<string, string> = {}
  const stages: (Stage & { instructions: Instruction[] })[] = []
  for (const instruction of instructionsOf(text)) {
    const stage = stages.at(-1)
    if (instruction.name === 'FROM') {
      const [, from, name] = /^(\S+) AS (\S+)$/.exec(instruction.text) ?? []
      if (from === undefined || name === undefined) throw new Error(`A stage without a name: ${instruction.text}`)
      const image = from.replaceAll(/\$\{(\w+)\}/g, (_, variable: string) => defaults[variable] ?? '')
      stages.push({ name, from: image, instructions: [] })
    } else if (stage) stage.instructions.push(instruction)
    else {
      const [variable, value] = instruction.text.split('=')
      if (instruction.name !== 'ARG' || variable === undefined || value === undefined)
        throw new Error(`Before the first stage there are only ARGs: ${instruction.text}`)
      defaults[variable] = value
    }
  }
  return { defaults, stages }
}

/** All instructions that make an image, those of the stages that it builds upon first. */
export const instructionsOfTarget = ({ stages }: Dockerfile, target: string): readonly Instruction[] => {
  const stage = stages.find(({ name }) => name === target)
  if (!stage) throw new Error(`There is no stage "${target}".`)
  const isOurs = stages.some(({ name }) => name === stage.from)
  return [...(isOurs ? instructionsOfTarget({ defaults: {}, stages }, stage.from) : []), ...stage.instructions]
}

/** What holds in the image: a later instruction of the kind wins. */
export const lastOf = (instructions: readonly Instruction[], name: string): string | undefined =>
  instructions.findLast((instruction) => instruction.name === name)?.text

/** docker/Dockerfile. */
export const readDockerfile = async (): Promise<Dockerfile> =>
  parseDockerfile(await readFile(new URL('../Dockerfile', import.meta.url), 'utf8'))
