import { readFileSync } from 'node:fs'

/** Written by a process to standard error as it ends: the most memory it had, where the system tells (`/proc`). */
process.on('exit', () => {
  const peak = /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))
  process.stderr.write(`peak ${peak?.[1]} KiB\n`)
})
