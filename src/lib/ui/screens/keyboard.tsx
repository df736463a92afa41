import {type Key, useInput} from 'ink'
import {createContext, type PropsWithChildren, useContext, useLayoutEffect, useRef} from 'react'

export type Action = 'up' | 'down' | 'pageUp' | 'pageDown' | 'first' | 'last' | 'open' | 'back' | 'quit'

const BY_LETTER: Record<string, Action> = {
  k: 'up',
  j: 'down',
  b: 'pageUp',
  ' ': 'pageDown',
  g: 'first',
  G: 'last',
  l: 'open',
  '\r': 'open',
  h: 'back',
  q: 'quit',
}

const BY_KEY: [keyof Key, Action][] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['pageUp', 'pageUp'],
  ['pageDown', 'pageDown'],
  ['home', 'first'],
  ['end', 'last'],
  ['return', 'open'],
  ['rightArrow', 'open'],
  ['leftArrow', 'back'],
  ['escape', 'back'],
  ['backspace', 'back'],
]

type Act = (action: Action) => void

interface Screen {
  act: Act
  /** Called when a screen has been drawn anew. */
  onDrawn: () => void
}

const CurrentScreen = createContext<{current: Screen}>({
  current: {act: () => undefined, onDrawn: () => undefined},
})

/** An action that changes nothing draws nothing: then the next key waits no longer than this. */
const DRAWN_WITHIN_MS = 50

/** Listens once, for whichever screen is shown: between two screens no key is lost. */
export function Keyboard({children}: PropsWithChildren) {
  const screen = useRef<Screen>({act: () => undefined, onDrawn: () => undefined})
  const waiting = useRef<Action[]>([])
  // One after the other, each on the screen that the one before has led to, for keys may come faster than screens.
  const actOnNext = () => {
    const [action] = waiting.current
    if (!action) return
    const timer = setTimeout(() => screen.current.onDrawn(), DRAWN_WITHIN_MS)
    screen.current.onDrawn = () => {
      screen.current.onDrawn = () => undefined
      clearTimeout(timer)
      setImmediate(() => {
        waiting.current.shift()
        actOnNext()
      })
    }
    screen.current.act(action)
  }
  useInput((input, key) => {
    const isIdle = waiting.current.length === 0
    waiting.current.push(...actionsOf(input, key))
    if (isIdle) actOnNext()
  })
  return <CurrentScreen value={screen}>{children}</CurrentScreen>
}

/** What the keys do as long as this screen is shown. */
export function useActions(act: Act): void {
  const screen = useContext(CurrentScreen)
  useLayoutEffect(() => {
    screen.current.act = act
    screen.current.onDrawn()
  })
}

/** Keys that were hit fast arrive as one text of several letters. */
function actionsOf(input: string, key: Key): Action[] {
  const special = BY_KEY.find(([name]) => key[name])
  if (special) return [special[1]]
  if (key.ctrl || key.meta) return []
  return input.split('').flatMap((letter) => BY_LETTER[letter] ?? [])
}
