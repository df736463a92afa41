/** Every limit of the domain, with its unit. The wire contract's own limits are in client/protocol.ts. */

/** Content above this many UTF-16 code units is cut, with a mark that says how much (wire contract). */
export const CONTENT_CHARS_MAX = 50_000

/** Session ids, uuids and workspace ids are opaque strings of 1 to this many characters. */
export const ID_CHARS_MAX = 256

/** Labels: project, author, source, machine, model, tool, status, type, role. */
export const LABEL_CHARS_MAX = 512

/** Messages in one `recordMessages` call. */
export const BATCH_MESSAGES_MAX = 1_000

/** Rows that `exportMessages` gives per page. */
export const EXPORT_PAGE_ROWS_MAX = 1_000

export const DEFAULT_WORKSPACE = 'bmfote-default'
