export interface Range {
  default: number
  min: number
  max: number
}

/** Out of range is clamped, not refused (wire contract). */
export function clamp(value: number | undefined, range: Range): number {
  if (value === undefined || Number.isNaN(value)) return range.default
  return Math.trunc(Math.min(range.max, Math.max(range.min, value)))
}
