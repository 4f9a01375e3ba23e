import { readFileSync } from 'node:fs'

/** No small input may make the program hold more. */
export const residentLimit = 600 * 2 ** 20

/** The most memory that a process has held so far, where the system tells (Linux); else 0. */
export function residentBytes(pid: number): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return 1024 * Number(kilobytes)
  } catch {
    return 0
  }
}
