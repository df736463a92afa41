import type {SecretSpan} from './secret-span.ts'

/** Addresses that let in whoever knows them, with the part that must not be known as their last group. */
const WEBHOOKS: readonly {kind: string; hint: string; pattern: RegExp}[] = [
  {
    kind: 'slack-webhook',
    hint: 'hooks.slack.com',
    pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/([A-Za-z0-9/_-]{20,256})/g,
  },
  {
    kind: 'discord-webhook',
    hint: '/api/webhooks/',
    pattern: /discord(?:app)?\.com\/api\/webhooks\/[0-9]{15,22}\/([A-Za-z0-9_-]{40,128})/g,
  },
  {
    kind: 'teams-webhook',
    hint: 'webhook.office.com',
    pattern: /webhook\.office\.com\/webhookb2\/([A-Za-z0-9@/-]{60,512})/g,
  },
  {
    kind: 'signed-url',
    hint: 'X-Amz-Signature=',
    pattern: /X-Amz-Signature=([0-9a-f]{64})/g,
  },
  {
    kind: 'signed-url',
    hint: 'sig=',
    pattern: /[?&]sig=([A-Za-z0-9%+/_-]{40,128}(?:%3D|=))/g,
  },
]

/** Webhooks, and addresses that are signed so that their holder needs no other credential. */
export function findWebhooks(text: string, found: SecretSpan[]): void {
  if (!text.includes('://')) return
  for (const {kind, hint, pattern} of WEBHOOKS) {
    if (!text.includes(hint)) continue
    for (const match of text.matchAll(pattern)) {
      const secret = match[1] ?? ''
      const end = match.index + match[0].length
      if (/x{8}|0{8}/i.test(secret)) continue
      found.push({kind, start: end - secret.length, end})
    }
  }
}
