import { formatFixed } from './formatNumber.ts'

/** Seconds as a person waits for them: 0.4 s, 37 s, 1:06, 2:03:45, 3 d 4 h. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–'
  if (seconds < 0.1) return 'under 0.1 s'
  if (seconds < 9.95) return `${formatFixed(seconds, 1)} s`
  if (seconds < 59.5) return `${Math.round(seconds)} s`
  const whole = Math.round(seconds)
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  if (hours >= 48) return `${Math.floor(hours / 24)} d ${hours % 24} h`
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

/** A clock reading for stop watches: minutes and seconds from the first second on. */
export function formatClock(seconds: number): string {
  return seconds < 60 ? `0:${String(Math.floor(Math.max(0, seconds))).padStart(2, '0')}` : formatDuration(seconds)
}

const moments = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** Day and minute of a moment given in milliseconds since 1970. */
export function formatMoment(milliseconds: number): string {
  return moments.format(milliseconds)
}
