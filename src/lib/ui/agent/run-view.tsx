import {Static, useInput, useWindowSize} from 'ink'
import {useEffect, useState} from 'react'
import {TextLines} from '../screens/text-lines.tsx'
import type {CallView} from './call-words.ts'
import type {FeedItem, RunView} from './run-feed.ts'
import {feedLines, runLines} from './run-lines.ts'

export interface RunViewProps {
  agentName: string
  /** What is over: written once, and scrolled away with the rest of the terminal. */
  items: FeedItem[]
  view: RunView
  startedMs: number
  question?: CallView
  onAnswer: (isAllowed: boolean) => void
  onStop: () => void
  color: boolean
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const FRAME_MS = 120

/** What an agent does, while it does it. */
export function LiveRun(props: RunViewProps) {
  const {items, color, question, onAnswer, onStop} = props
  const {columns} = useWindowSize()
  useInput(
    (input, key) => {
      if (key.ctrl && input === 'c') onStop()
      else onAnswer(input.toLowerCase() === 'y')
    },
    {isActive: question !== undefined},
  )
  return (
    <>
      <Static items={items}>
        {(item) => <TextLines key={item.id} lines={feedLines(item, columns)} color={color} />}
      </Static>
      <Now {...props} />
    </>
  )
}

/** The part that is drawn over and over. */
function Now({agentName, view, startedMs, question, color}: RunViewProps) {
  const size = useWindowSize()
  const spinner = FRAMES[useFrame() % FRAMES.length] ?? ''
  const seconds = (performance.now() - startedMs) / 1000
  return <TextLines lines={runLines({agentName, view, seconds, spinner, question}, size)} color={color} />
}

function useFrame(): number {
  const [frame, setFrame] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setFrame((before) => before + 1), FRAME_MS)
    return () => clearInterval(timer)
  }, [])
  return frame
}
