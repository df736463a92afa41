import {useEffect, useState} from 'react'
import {addEarlier, addLater, type Conversation} from './conversation.ts'
import type {LoadConversation} from './load.ts'

export type Side = 'earlier' | 'later'

export interface GrowthOptions {
  conversation: Conversation
  /** The end that the reader has come near to, where there is more. */
  side: Side | undefined
  load: LoadConversation
  onGrown: (conversation: Conversation) => void
}

/** Loads what comes before or after, one request at a time. Gives the sentence why it could not, after which it stops. */
export function useGrowth({conversation, side, load, onGrown}: GrowthOptions): string | undefined {
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    const edge = conversation.messages.at(side === 'earlier' ? 0 : -1)
    if (!side || !edge || problem) return
    let isCurrent = true
    load({uuid: edge.uuid, sessionId: conversation.sessionId}).then(
      (found) => {
        if (isCurrent)
          onGrown(side === 'earlier' ? addEarlier(conversation, found) : addLater(conversation, found))
      },
      (error: Error) => {
        if (isCurrent) setProblem(error.message)
      },
    )
    return () => {
      isCurrent = false
    }
  }, [conversation, side, load, onGrown, problem])
  return problem
}

/** The end that is less than a screen away, the earlier one first. */
export function sideInReach(
  conversation: Conversation,
  place: {top: number; topMax: number; viewport: number},
): Side | undefined {
  if (conversation.hasEarlier && place.top < place.viewport) return 'earlier'
  if (conversation.hasLater && place.top > place.topMax - place.viewport) return 'later'
  return undefined
}
