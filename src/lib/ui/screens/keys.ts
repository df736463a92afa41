import {type Key, useInput} from 'ink'

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

export function useActions(act: (action: Action) => void): void {
  useInput((input, key) => {
    for (const action of actionsOf(input, key)) act(action)
  })
}

/** Keys that were hit fast arrive as one text of several letters. */
export function actionsOf(input: string, key: Key): Action[] {
  const special = BY_KEY.find(([name]) => key[name])
  if (special) return [special[1]]
  if (key.ctrl || key.meta) return []
  return input.split('').flatMap((letter) => BY_LETTER[letter] ?? [])
}
