export interface Import {
  specifier: string
  /** `static` is loaded with the file, `lazy` when the code gets there, `type` never. */
  kind: 'static' | 'lazy' | 'type'
}

const STATEMENT = /^\s*(import|export)\s+(type\s)?[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm
const BARE = /^\s*import\s*['"]([^'"]+)['"]/gm
const CALL = /\b(?:import|require)\(\s*['"]([^'"]+)['"]/g
const WORKER = /new URL\(\s*['"](\.[^'"]+)['"]\s*,\s*import\.meta\.url/g

/** Every import of a TypeScript file. Biome's format is assumed: a statement starts its own line. */
export function scanImports(text: string): Import[] {
  const code = withoutComments(text)
  return [
    ...[...code.matchAll(STATEMENT)].map(([, , type, specifier = '']) => ({
      specifier,
      kind: type ? ('type' as const) : ('static' as const),
    })),
    ...[...code.matchAll(BARE)].map(([, specifier = '']) => ({specifier, kind: 'static' as const})),
    ...[...code.matchAll(CALL), ...code.matchAll(WORKER)].map(([, specifier = '']) => ({
      specifier,
      kind: 'lazy' as const,
    })),
  ]
}

/** Whole-line and block comments; a comment after code on its line stays, and does no harm here. */
export function withoutComments(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/^\s*\/\/.*$/gm, '')
}
