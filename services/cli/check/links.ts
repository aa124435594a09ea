import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { projectFiles, projectRoot } from './files.ts'

type Node = ReturnType<typeof fromMarkdown>['children'][number]

const isExternal = (url: string) => /^([a-z][a-z0-9+.-]*:|\/\/)/i.test(url)

/** The links of a page that lead to no file of the project, or to no heading of that file. */
export function deadLinks(path: string, source: string): string[] {
  return nodesOf(source).flatMap((node) => {
    if (!('url' in node) || isExternal(node.url) || leadsSomewhere(path, source, node.url)) return []
    return [`${path}:${node.position?.start.line ?? 0} links to ${node.url}, which does not exist`]
  })
}

function leadsSomewhere(path: string, source: string, url: string): boolean {
  const [file = '', anchor] = decodeURIComponent(url).split('#')
  const target = file === '' ? path : normalize(join(dirname(path), file))
  const absolute = join(projectRoot, target)
  if (file !== '' && !existsSync(absolute)) return false
  if (!anchor || !target.endsWith('.md') || (file !== '' && statSync(absolute).isDirectory())) return true
  return anchorsOf(file === '' ? source : readFileSync(absolute, 'utf8')).has(anchor)
}

/** Headings get their anchors as on GitHub: lower case, hyphens, a number when one repeats. */
function anchorsOf(source: string): Set<string> {
  const anchors = new Set<string>()
  for (const node of nodesOf(source)) {
    if (node.type !== 'heading') continue
    const slug = textOf(node)
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-')
    let anchor = slug
    for (let count = 1; anchors.has(anchor); count++) anchor = `${slug}-${count}`
    anchors.add(anchor)
  }
  return anchors
}

function nodesOf(source: string): Node[] {
  const descend = (node: Node): Node[] => [node, ...('children' in node ? node.children.flatMap(descend) : [])]
  return fromMarkdown(source).children.flatMap(descend)
}

function textOf(node: Node): string {
  if ('value' in node) return node.value
  return 'children' in node ? node.children.map(textOf).join('') : ''
}

if (import.meta.main) {
  const dead = projectFiles('**/*.md').flatMap((path) => deadLinks(path, readFileSync(join(projectRoot, path), 'utf8')))
  for (const link of dead) console.log(link)
  process.exitCode = dead.length > 0 ? 1 : 0
}
