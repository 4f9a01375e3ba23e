import { longestMessage } from './errors.ts'

/** As many lines as a message has room for, the first in any case, and how many there are besides of `total`. */
export function fitLines(lines: readonly string[], total = lines.length): string {
  const rest = (listed: number) => `… and ${total - listed} more`
  let text = ''
  let listed = 0
  for (const each of lines) {
    const line = `${listed > 0 ? '\n' : ''}${each}`
    if (listed > 0 && text.length + line.length + rest(0).length >= longestMessage) break
    text += line
    listed += 1
  }
  return listed < total ? `${text}\n${rest(listed)}` : text
}
