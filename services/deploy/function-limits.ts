/** How long a function may work on a batch of ten. */
export const FUNCTION_TIMEOUT_SECONDS = 30
/** Each running copy holds connections of the database. */
export const FUNCTIONS_AT_ONCE = 20
