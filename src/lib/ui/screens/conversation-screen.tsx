import {useMemo, useState} from 'react'
import type {Conversation} from '../conversation/conversation.ts'
import {conversationLines, conversationTitle} from '../conversation/conversation-lines.ts'
import type {LoadConversation} from '../conversation/load.ts'
import {sideInReach, useGrowth} from '../conversation/use-growth.ts'
import {safeLine} from '../text/safe-text.ts'
import type {Clock} from '../text/when.ts'
import {type Action, useActions} from './keyboard.tsx'
import {bodyHeight, type ScreenSize, screenLines} from './screen-lines.ts'
import {TextLines} from './text-lines.tsx'

const KEYS_BACK = ['↑↓ scroll', 'Space page', '← back', 'q quit']
const KEYS_ALONE = ['↑↓ scroll', 'Space page', 'q quit']

export interface ConversationScreenProps {
  conversation: Conversation
  load: LoadConversation
  /** Undefined where there is nothing to go back to. */
  onBack?: () => void
  onQuit: () => void
  size: ScreenSize
  color: boolean
  clock: Clock
}

export function ConversationScreen(props: ConversationScreenProps) {
  const {size, clock, onBack, onQuit, color} = props
  const [conversation, setConversation] = useState(props.conversation)
  const {columns} = size
  const {lines, targetLine} = useMemo(
    () => conversationLines(conversation, {width: columns, clock}),
    [conversation, columns, clock],
  )
  const keys = onBack ? KEYS_BACK : KEYS_ALONE
  const viewport = bodyHeight({footer: [], keys}, size)
  // Counted from the asked message, so that nothing jumps when earlier ones are loaded above it. It starts a little
  // below the top: the end of what came before is seen, and that there is more.
  const [offset, setOffset] = useState(-Math.floor(viewport / 4))
  const topMax = Math.max(0, lines.length - viewport)
  const clampTop = (top: number) => Math.max(0, Math.min(topMax, top))
  const top = clampTop(targetLine + offset)
  const side = sideInReach(conversation, {top, topMax, viewport})
  const problem = useGrowth({conversation, side, load: props.load, onGrown: setConversation})

  useActions((action) => {
    if (action === 'quit') onQuit()
    if (action === 'back') onBack?.()
    const step = stepOf(action, viewport)
    setOffset((current) => clampTop(clampTop(targetLine + current) + step) - targetLine)
  })

  const end = Math.min(lines.length, top + viewport)
  const parts = {
    title: conversationTitle(conversation),
    position: `${end}/${lines.length}${conversation.hasLater ? '+' : ''}`,
    body: lines.slice(top, end),
    footer: problem ? [safeLine(problem)] : [],
    keys,
  }
  return <TextLines lines={screenLines(parts, size)} color={color} />
}

function stepOf(action: Action, viewport: number): number {
  switch (action) {
    case 'up':
      return -1
    case 'down':
      return 1
    case 'pageUp':
      return 1 - viewport
    case 'pageDown':
      return viewport - 1
    case 'first':
      return Number.NEGATIVE_INFINITY
    case 'last':
      return Number.POSITIVE_INFINITY
    default:
      return 0
  }
}
