/**
 * Sets a variable for native code in this process. Where `process.env` is a copy (bun, and every thread of node's but
 * the first) an assignment to it stays in JavaScript, so the C library is asked.
 */
export async function setNativeVariable(name: string, value: string): Promise<void> {
  const library = C_LIBRARIES[process.platform]
  if (process.versions.bun === undefined || library === undefined) return
  try {
    const {dlopen} = (await import(/* @vite-ignore */ BUN_FFI)) as BunFfi
    const {symbols} = dlopen(library, {setenv: {args: ['cstring', 'cstring', 'int'], returns: 'int'}})
    symbols.setenv(Buffer.from(`${name}\0`), Buffer.from(`${value}\0`), 1)
  } catch {
    // A C library by another name, or none of it allowed: then native code says more than it is asked to.
  }
}

/** By a variable, so that no bundler and no Node looks for it. */
const BUN_FFI = 'bun:ffi'

const C_LIBRARIES: Partial<Record<NodeJS.Platform, string>> = {linux: 'libc.so.6', darwin: 'libSystem.dylib'}

interface BunFfi {
  dlopen(
    path: string,
    symbols: {setenv: {args: readonly string[]; returns: string}},
  ): {symbols: {setenv(name: Uint8Array, value: Uint8Array, overwrite: number): number}}
}
