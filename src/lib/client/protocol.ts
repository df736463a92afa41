/**
 * The HTTP contract of a bmfote server, as plain JSON Schema and the types that follow from it. The server builds its
 * routes and its OpenAPI document from here, the client its calls: one source, MIT, importing nothing of ours.
 */
export * from './protocol/answers.ts'
export * from './protocol/bodies.ts'
export * from './protocol/limits.ts'
export * from './protocol/questions.ts'
