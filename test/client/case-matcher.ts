import {isDeepStrictEqual} from 'node:util'

type Rule = (actual: unknown, wanted: unknown) => boolean

const RULES: Record<string, Rule> = {
  $any: (actual) => actual !== null && actual !== undefined,
  $length: (actual, wanted) => (actual as {length?: number} | null)?.length === wanted,
  $contains: contains,
  $not_contains: (actual, wanted) => !contains(actual, wanted),
  $match: (actual, wanted) => typeof actual === 'string' && new RegExp(String(wanted)).test(actual),
  $all: (actual, wanted) => (wanted as unknown[]).every((each) => matches(actual, each)),
}

/** Objects match when each given key does, lists of the same length element by element. */
export function matches(actual: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(actual) &&
      actual.length === wanted.length &&
      wanted.every((each, i) => matches(actual[i], each))
    )
  }
  if (typeof wanted !== 'object' || wanted === null) return isDeepStrictEqual(actual ?? null, wanted)
  const [[name, argument] = []] = Object.entries(wanted)
  const rule = name === undefined ? undefined : RULES[name]
  if (rule) return rule(actual, argument)
  if (typeof actual !== 'object' || actual === null) return false
  return Object.entries(wanted).every(([key, value]) =>
    matches((actual as Record<string, unknown>)[key], value),
  )
}

function contains(actual: unknown, wanted: unknown): boolean {
  if (typeof actual === 'string') return typeof wanted === 'string' && actual.includes(wanted)
  return Array.isArray(actual) && actual.some((each) => matches(each, wanted))
}
