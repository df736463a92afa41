import {count, thousands} from '../text/count.ts'

export interface RunSummary {
  seconds: number
  calls: number
  inputTokens: number
  outputTokens: number
  cost: {amount: string; currency: string} | null
  answerUuid?: string
}

/** `12.3 s, 4 calls, 1,234 tokens in and 56 out, $0.02; kept as sevt_…` */
export function runSummaryText({
  seconds,
  calls,
  inputTokens,
  outputTokens,
  cost,
  answerUuid,
}: RunSummary): string {
  const parts = [
    `${seconds} s`,
    count(calls, 'call'),
    `${thousands(inputTokens)} tokens in and ${thousands(outputTokens)} out`,
    ...(cost ? [moneyText(cost)] : []),
  ]
  return `${parts.join(', ')}${answerUuid ? `; kept as ${answerUuid}` : ''}`
}

/** The API counts in cents. */
function moneyText({amount, currency}: {amount: string; currency: string}): string {
  const value = (Number(amount) / 100).toFixed(2)
  return currency === 'USD' ? `$${value}` : `${value} ${currency}`
}
