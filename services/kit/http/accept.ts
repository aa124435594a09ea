/** True for a browser that shows what it gets: everybody else is answered with JSON. */
export const wantsHtml = (accept: string | undefined): boolean => accept?.includes('text/html') ?? false
