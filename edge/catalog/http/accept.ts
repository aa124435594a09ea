/** JSON-LD when the client names it and likes it no less than plain JSON; everything else gets JSON. */
export function preferredVariant(accept: string | null): 'json' | 'json-ld' {
  if (!accept?.includes('ld+json')) return 'json'
  const ranges = new Map(accept.split(',').map(mediaRange))
  const jsonLd = ranges.get('application/ld+json') ?? 0
  return jsonLd > 0 && jsonLd >= (ranges.get('application/json') ?? 0) ? 'json-ld' : 'json'
}

function mediaRange(text: string): [type: string, quality: number] {
  const [type = '', ...parameters] = text
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
  return [type, quality === undefined ? 1 : Number(quality) || 0]
}
