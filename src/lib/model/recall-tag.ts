/**
 * The element that recalled text is wrapped in wherever it is put before a model. Whatever stands inside it is already
 * in the memory, so everything that records cuts it out: a memory that stores its own recall fills up with echoes.
 */
export const RECALL_TAG = 'bmfote-recall'
