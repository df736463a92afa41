/**
 * The border between the wire's snake_case bodies and the domain's camelCase values: one pair of functions for every
 * shape, so that a new field needs no mapping of its own. Fields that are null on the wire are undefined in inputs.
 */

type CamelToSnake<S extends string> = S extends `${infer Head}${infer Tail}`
  ? Head extends Uppercase<Head>
    ? Head extends Lowercase<Head>
      ? `${Head}${CamelToSnake<Tail>}`
      : `_${Lowercase<Head>}${CamelToSnake<Tail>}`
    : `${Head}${CamelToSnake<Tail>}`
  : S

export type Wire<T> = T extends readonly (infer Item)[]
  ? Wire<Item>[]
  : T extends object
    ? {[K in keyof T as K extends string ? CamelToSnake<K> : K]: Wire<T[K]>}
    : T

export function toWire<T>(value: T): Wire<T> {
  return convertKeys(value, snakeCase) as Wire<T>
}

export function fromWire<T>(value: unknown): T {
  return convertKeys(value, camelCase) as T
}

/** Like fromWire, for what a client sends: a null means that the field was left out. */
export function inputFromWire<T>(body: object): T {
  const entries = Object.entries(body).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(entries.map(([key, value]) => [camelCase(key), value])) as T
}

function convertKeys(value: unknown, convert: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => convertKeys(item, convert))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(entries.map(([key, item]) => [convert(key), convertKeys(item, convert)]))
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function camelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
