import type {Change, Detail} from './change.ts'
import {changedLines} from './changed-lines.ts'
import type {SetupPlan} from './setup.ts'
import type {Connection} from './tool.ts'

/** What happens to one file, in a form that can be shown: nothing in it is secret. */
export interface DescribedChange {
  /** The tool, or `bmfote` for what all of them share. */
  tool: string
  path: string
  purpose: string
  action: 'create' | 'edit' | 'delete'
  details: Detail[]
  /** The lines that go. */
  before: string
  /** The lines that come. */
  after: string
}

export function describePlan({steps}: SetupPlan, {token}: Connection): DescribedChange[] {
  return steps.flatMap(({owner, changes}) => changes.map((change) => describeChange(change, {owner, token})))
}

function describeChange(
  {edit, before, after, details}: Change,
  {owner, token}: {owner: string; token?: string},
) {
  const {removed, added} = changedLines(decode(before.content?.bytes), decode(after?.bytes))
  const action = after === undefined ? 'delete' : before.content === undefined ? 'create' : 'edit'
  return {
    tool: owner,
    path: edit.path,
    purpose: edit.purpose,
    action,
    details,
    before: hide(removed.join('\n'), token),
    after: hide(added.join('\n'), token),
  } satisfies DescribedChange
}

function decode(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : new TextDecoder().decode(bytes)
}

const HIDDEN = '(token)'

/** The token that is being set up, and one that was there before. */
function hide(text: string, token: string | undefined): string {
  const withoutToken = token ? text.replaceAll(token, HIDDEN) : text
  return withoutToken
    .replace(/(Bearer )(?!\(token\)|\$\{)[^"\s]+/g, `$1${HIDDEN}`)
    .replace(/^((?:export )?BMFOTE_TOKEN=).*$/gm, `$1${HIDDEN}`)
}
