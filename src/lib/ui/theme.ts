import type {TextProps} from 'ink'
import type {Style} from './text/segments.ts'

/** How each style looks: as properties of Ink's Text, and as SGR codes for what is printed without Ink. */
const LOOKS: Record<Style, {ink: Omit<TextProps, 'children'>; sgr: string}> = {
  plain: {ink: {}, sgr: ''},
  strong: {ink: {bold: true}, sgr: '1'},
  accent: {ink: {color: 'cyan'}, sgr: '36'},
  dim: {ink: {dimColor: true}, sgr: '2'},
  mark: {ink: {color: 'black', backgroundColor: 'yellow'}, sgr: '30;43'},
  bad: {ink: {color: 'red', bold: true}, sgr: '1;31'},
}

/** Without colour nothing is styled at all, bold included: what stands out does so by its place and its words. */
export function inkStyle(style: Style, color: boolean): Omit<TextProps, 'children'> {
  return color ? LOOKS[style].ink : {}
}

export function ansiStyle(text: string, style: Style, color: boolean): string {
  const {sgr} = LOOKS[style]
  return color && sgr !== '' ? `\u001b[${sgr}m${text}\u001b[0m` : text
}
