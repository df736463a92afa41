import {Box, Static, useInput, useWindowSize} from 'ink'
import {useEffect, useState} from 'react'
import {TextLines} from '../screens/text-lines.tsx'
import type {CallView} from './call-words.ts'
import type {FeedItem, RunView} from './run-feed.ts'
import {callLines, feedLines, previewLines, progressLines, questionLines} from './run-lines.ts'

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

/** Rows that are not for what is being written. */
const OTHER_ROWS = 4
const RUNNING_CALLS_MAX = 3

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
      <RunNow {...props} />
    </>
  )
}

/** The part that is drawn over and over. */
export function RunNow(props: Omit<RunViewProps, 'items' | 'onAnswer' | 'onStop'>) {
  const {agentName, view, startedMs, question, color} = props
  const {columns, rows} = useWindowSize()
  const frame = useFrame()
  const spinner = FRAMES[frame % FRAMES.length] ?? ''
  const running = view.calls.filter(({state}) => state === 'running').slice(-RUNNING_CALLS_MAX)
  const seconds = (performance.now() - startedMs) / 1000
  const now = [
    ...running.flatMap((call) => callLines(call, columns, spinner)),
    ...previewLines(view, {width: columns, max: Math.max(0, rows - OTHER_ROWS - running.length)}),
  ].slice(-Math.max(1, rows - OTHER_ROWS))
  const footer = question
    ? questionLines(agentName, question, columns)
    : progressLines({agentName, view, seconds, spinner}, columns)
  return (
    <Box flexDirection="column">
      <TextLines lines={[...now, ...footer]} color={color} />
    </Box>
  )
}

function useFrame(): number {
  const [frame, setFrame] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setFrame((before) => before + 1), FRAME_MS)
    return () => clearInterval(timer)
  }, [])
  return frame
}
