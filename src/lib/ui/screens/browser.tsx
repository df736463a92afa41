import {useApp} from 'ink'
import {useCallback, useRef, useState} from 'react'
import {type Conversation, startConversation} from '../conversation/conversation.ts'
import type {LoadConversation} from '../conversation/load.ts'
import type {ListItem} from '../lists/list-item.ts'
import type {Clock} from '../text/when.ts'
import {ConversationScreen} from './conversation-screen.tsx'
import {ListScreen} from './list-screen.tsx'
import type {ListPosition} from './list-window.ts'
import {NoticeScreen} from './notice-screen.tsx'
import type {ScreenSize} from './screen-lines.ts'

export interface BrowserProps {
  title: string
  /** At least one. */
  items: ListItem[]
  load: LoadConversation
  size: ScreenSize
  color: boolean
  clock: Clock
}

type View =
  | {kind: 'list'}
  | {kind: 'notice'; text: string}
  | {kind: 'conversation'; conversation: Conversation}

const START: ListPosition = {selected: 0, top: 0}

/** A list to walk, and the conversation around each of its items. */
export function Browser(props: BrowserProps) {
  const {title, items, load, size, color, clock} = props
  const {exit} = useApp()
  const [view, setView] = useState<View>({kind: 'list'})
  const [position, setPosition] = useState(START)
  // Counts what was opened: an answer that comes after the reader went back is not shown.
  const opened = useRef(0)
  const common = {size, color, onQuit: () => exit(items[position.selected])}

  const goBack = useCallback(() => {
    opened.current += 1
    setView({kind: 'list'})
  }, [])

  const open = ({target}: ListItem) => {
    opened.current += 1
    const ticket = opened.current
    const show = (next: View) => ticket === opened.current && setView(next)
    setView({kind: 'notice', text: 'Loading the conversation…'})
    load(target).then(
      (found) =>
        show(
          found
            ? {kind: 'conversation', conversation: startConversation(found)}
            : {kind: 'notice', text: GONE},
        ),
      (error: Error) => show({kind: 'notice', text: error.message}),
    )
  }

  switch (view.kind) {
    case 'list':
      return (
        <ListScreen
          {...common}
          title={title}
          items={items}
          position={position}
          onMove={setPosition}
          onOpen={open}
        />
      )
    case 'notice':
      return <NoticeScreen {...common} title={title} text={view.text} onBack={goBack} />
    case 'conversation':
      return (
        <ConversationScreen
          {...common}
          conversation={view.conversation}
          load={load}
          onBack={goBack}
          clock={clock}
        />
      )
  }
}

const GONE = 'This message is not stored any more.'
