/** What a piece of text means; theme.ts says how that looks. */
export type Style = 'plain' | 'strong' | 'accent' | 'dim' | 'mark' | 'bad'

export interface Segment {
  text: string
  style: Style
}

/** One line of a terminal. */
export type Line = Segment[]

export function segment(text: string, style: Style = 'plain'): Segment {
  return {text, style}
}

export function lineText(line: Line): string {
  return line.map(({text}) => text).join('')
}

/** Neighbours of one style become one segment. */
export function joinSegments(segments: Segment[]): Segment[] {
  const joined: Segment[] = []
  for (const {text, style} of segments) {
    const last = joined.at(-1)
    if (last?.style === style) last.text += text
    else if (text !== '') joined.push({text, style})
  }
  return joined
}
