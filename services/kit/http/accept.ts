/** True for a browser that shows what it gets: everybody else is answered with JSON. */
export const wantsHtml = (accept: string | undefined): boolean => accept?.includes('text/html') ?? false

/** True for whoever asks for a PDF in so many words; a browser that takes anything does not. */
export const wantsPdf = (accept: string | undefined): boolean => accept?.includes('application/pdf') ?? false
