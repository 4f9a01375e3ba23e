import { textWidth } from '../../shared/charts/textWidth.ts'

/** Of the words of charts, in pixels. */
export const chartText = 11
/** The faces of systems are wider than those of print by so much at most; strong letters by more. */
const [widestFace, strong] = [1.15, 1.1]

/** Pixels that words take at most on a screen, whatever face its system has. */
export function screenWidth(words: string, size: number = chartText, weight: 'normal' | 'strong' = 'normal'): number {
  return textWidth(words, size * widestFace) * (weight === 'strong' ? strong : 1)
}

/** What stands in for the size of a text where it is laid out by the widths of print. */
export function printSize(size: number): number {
  return size * widestFace
}
