import {PRODUCT} from '../config/product.ts'

/** On the quick path: console.log and the product's own facts, nothing else. */
export function showVersion({json}: {json: boolean}): void {
  const {name, version, license, source} = PRODUCT
  // biome-ignore lint/suspicious/noConsole: process.stdout costs ten times as much to reach
  console.log(json ? JSON.stringify({name, version, license, source}, null, 2) : `${name} ${version}`)
}
