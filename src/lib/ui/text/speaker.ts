import {safeLine} from './safe-text.ts'

export interface Spoken {
  type: string
  author: string | null
  tool: string | null
  status: string | null
}

/** Who a message is from: `user`, `lea (user)`, `assistant called Bash`, `result of Bash (error)`. */
export function speakerName({type, author, tool, status}: Spoken): string {
  // Tool results come as messages of the user: that is how the models' APIs carry them, but nobody said them.
  if (tool && type === 'user') return safeLine(`result of ${tool}${status === 'error' ? ' (error)' : ''}`)
  const who = author ? `${author} (${type})` : type
  return safeLine(tool ? `${who} called ${tool}` : who)
}
