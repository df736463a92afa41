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

const CurrentAct = createContext<{current: Act}>({current: () => undefined})

/** Listens once, for whichever screen is shown: between two screens no key is lost. */
export function Keyboard({children}: PropsWithChildren) {
  const act = useRef<Act>(() => undefined)
  useInput((input, key) => {
    for (const action of actionsOf(input, key)) act.current(action)
  })
  return <CurrentAct value={act}>{children}</CurrentAct>
}

/** What the keys do as long as this screen is shown. */
export function useActions(act: Act): void {
  const current = useContext(CurrentAct)
  useLayoutEffect(() => {
    current.current = act
  })
}

/** Keys that were hit fast arrive as one text of several letters. */
function actionsOf(input: string, key: Key): Action[] {
  const special = BY_KEY.find(([name]) => key[name])
  if (special) return [special[1]]
  if (key.ctrl || key.meta) return []
  return input.split('').flatMap((letter) => BY_LETTER[letter] ?? [])
}
