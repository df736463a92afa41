/**
 * Whether what came back is what was asked for: a proxy, or another program at the address, answers 200 with something
 * else. Shallow on purpose: fields come and go with releases.
 */
export function isList(answer: unknown): boolean {
  return Array.isArray(answer) && answer.every((item) => typeof item?.uuid === 'string')
}

export function isMessage(answer: unknown): boolean {
  return (
    answer === null ||
    (isObject(answer) && typeof answer.uuid === 'string' && typeof answer.content === 'string')
  )
}

export function isRecall(answer: unknown): boolean {
  return isObject(answer) && typeof answer.text === 'string' && Array.isArray(answer.uuids)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
