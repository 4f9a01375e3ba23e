import { spawn } from 'node:child_process'

/**
 * Runs the npm scripts that are named side by side, and prints the output of each when it ends. Fails if one of them does.
 *
 *     node test/sideBySide.ts types lint
 */
const ended = await Promise.all(process.argv.slice(2).map(runScript))
process.exitCode = ended.every((code) => code === 0) ? 0 : 1

/** Its exit status; `null` where a signal ended it. */
function runScript(name: string): Promise<number | null> {
  const output: Buffer[] = []
  const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}
  const script = spawn(`npm run -s ${name}`, {
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...color },
  })
  for (const stream of [script.stdout, script.stderr]) stream.on('data', (part: Buffer) => void output.push(part))
  return new Promise((resolve, reject) => {
    script.once('error', reject)
    script.once('close', (code) => {
      process.stdout.write(Buffer.concat(output))
      if (code !== 0) process.stderr.write(`npm run ${name} failed.\n`)
      resolve(code)
    })
  })
}
