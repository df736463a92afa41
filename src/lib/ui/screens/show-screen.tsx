import {render, useApp, useWindowSize} from 'ink'
import type {ReactElement} from 'react'
import type {Conversation} from '../conversation/conversation.ts'
import type {LoadConversation} from '../conversation/load.ts'
import type {ListItem} from '../lists/list-item.ts'
import type {Clock} from '../text/when.ts'
import {Browser, type BrowserProps} from './browser.tsx'
import {ConversationScreen} from './conversation-screen.tsx'
import {Keyboard} from './keyboard.tsx'
import type {ScreenSize} from './screen-lines.ts'

/** Shows a list until the person quits. Gives the item that was selected then, or undefined after Ctrl-C. */
export async function showBrowser(props: Omit<BrowserProps, 'size'>): Promise<ListItem | undefined> {
  return (await showScreen((size) => <Browser {...props} size={size} />)) as ListItem | undefined
}

export interface ShownConversation {
  conversation: Conversation
  load: LoadConversation
  color: boolean
  clock: Clock
}

export async function showConversation(props: ShownConversation): Promise<void> {
  await showScreen((size) => <Alone {...props} size={size} />)
}

/** A conversation with no list to go back to. */
function Alone(props: ShownConversation & {size: ScreenSize}) {
  const {exit} = useApp()
  return <ConversationScreen {...props} onQuit={() => exit()} />
}

/** On the alternate screen: what stood in the terminal before stands there again afterwards. */
async function showScreen(draw: (size: ScreenSize) => ReactElement): Promise<unknown> {
  const app = render(<Resizing draw={draw} />, {
    alternateScreen: true,
    interactive: true,
    exitOnCtrlC: true,
    patchConsole: false,
  })
  return app.waitUntilExit()
}

function Resizing({draw}: {draw: (size: ScreenSize) => ReactElement}) {
  return <Keyboard>{draw(useWindowSize())}</Keyboard>
}
