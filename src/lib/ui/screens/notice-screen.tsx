import {safeText} from '../text/safe-text.ts'
import {segment} from '../text/segments.ts'
import {wrapSegments} from '../text/wrap.ts'
import {useActions} from './keyboard.tsx'
import {type ScreenSize, screenLines} from './screen-lines.ts'
import {TextLines} from './text-lines.tsx'

export interface NoticeScreenProps {
  title: string
  text: string
  onBack: () => void
  onQuit: () => void
  size: ScreenSize
  color: boolean
}

/** A sentence in place of what is not there (yet). */
export function NoticeScreen({title, text, onBack, onQuit, size, color}: NoticeScreenProps) {
  useActions((action) => {
    if (action === 'quit') onQuit()
    if (action === 'back') onBack()
  })
  const body = wrapSegments([segment(safeText(text))], size.columns)
  const lines = screenLines({title, position: '', body, footer: [], keys: ['← back', 'q quit']}, size)
  return <TextLines lines={lines} color={color} />
}
