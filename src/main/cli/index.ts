#!/usr/bin/env node
import { homedir } from 'node:os'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`grokscope needs Node.js 22.18 or newer; this is ${process.versions.node}\n`)
  process.exit(2)
}

// A user whom the system does not know has no home, and what asks for one while it is loaded would end the program: an
// empty one is told of where a folder in it is needed.
try {
  homedir()
} catch {
  process.env['HOME'] = ''
}

// Nothing that is named from here is anywhere.
try {
  process.cwd()
} catch {
  process.stderr.write('the current folder no longer exists; change to another one\n')
  process.exit(2)
}

// better-sqlite3 crashes on older versions, so nothing that loads it may be imported before the check.
const { runProgram } = await import('./program.ts')
await runProgram(process.argv)
