/**
 * Asks the runtime to let go of what is no longer used. JavaScriptCore (the compiled binary) does not count the size of
 * strings when it decides whether it is time; V8 does, and offers no such call.
 */
export function collectGarbage(): void {
  const runtime = globalThis as {Bun?: {gc(isSynchronous: boolean): void}}
  runtime.Bun?.gc(true)
}
