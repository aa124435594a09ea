/** Ends in a slash, so that paths are appended to it whatever path it has; undefined for anything but http and https. */
export function platformUrl(text: string): URL | undefined {
  const url = URL.parse(text.endsWith('/') ? text : `${text}/`)
  return url && /^https?:$/.test(url.protocol) ? url : undefined
}
