import {Box, Text} from 'ink'
import type {Line} from '../text/segments.ts'
import {inkStyle} from '../theme.ts'

/** Lines that are already as wide as they may be, drawn one below the other. */
export function TextLines({lines, color}: {lines: Line[]; color: boolean}) {
  return (
    <Box flexDirection="column">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has no identity but its place
        <Text key={index} wrap="truncate-end">
          {line.length === 0
            ? ' '
            : line.map(({text, style}, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: nor has a piece of it
                <Text key={place} {...inkStyle(style, color)}>
                  {text}
                </Text>
              ))}
        </Text>
      ))}
    </Box>
  )
}
