import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

const program = resolve('test/sideBySide.ts')
const scripts = {
  good: 'node -e "console.log(6 * 7)"',
  bad: 'node -e "console.log(6 * 8); console.error(6 * 9); process.exit(3)"',
}

function runScripts(...names: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'side-by-side-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts }))
  return spawnSync(process.execPath, [program, ...names], { cwd: folder, encoding: 'utf8' })
}

it('succeeds when every script does', () => {
  expect(runScripts('good', 'good')).toMatchObject({ status: 0, stdout: '42\n42\n', stderr: '' })
})

it('fails when one script does, wherever it stands, with the output of all', () => {
  for (const names of [
    ['good', 'bad'],
    ['bad', 'good'],
  ]) {
    const { status, stdout, stderr } = runScripts(...names)
    expect(status).toBe(1)
    expect(stdout).toContain('42\n')
    expect(stdout).toContain('48\n')
    expect(stdout).toContain('54\n')
    expect(stderr).toBe('npm run bad failed.\n')
  }
})
