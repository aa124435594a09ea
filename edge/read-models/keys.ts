/** Id of the rebuild that made Redis complete; without it whatever else is there counts as missing. */
export const READY = 'cat:ready'

/** Token of the rebuild in progress; gone when Redis restarted meanwhile. */
export const REBUILD = 'cat:rebuild'

/** Hash: course id -> revision applied last. */
export const REVISIONS = 'cat:revisions'

/** Hash: chunk number (or `subjects`) -> revision of that chunk. */
export const CHUNK_REVISIONS = 'cat:chunks'

export const SUBJECTS = 'cat:subjects'
export const SUBJECTS_CHUNK = 'subjects'

/** Field inside a chunk that holds its own revision; course ids never start with an underscore. */
export const REVISION_FIELD = '_revision'

/** Hash: course id -> card. */
export const chunkKey = (chunk: number) => `cat:chunk:${chunk}`

/** Hash: what a slug answers (`page`, `moved` or `gone`) and the course that owns it for ever. */
export const slugKey = (slug: string) => `cat:slug:${slug}`
