import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { announceHost, findHost } from '../../../src/main/services/hostRecord.ts'
import { temporaryFolder } from '../../support/folders.ts'

vi.mock('node:os', async (original) => {
  const system = await original<typeof import('node:os')>()
  return { ...system, hostname: vi.fn(system.hostname) }
})

const door = { address: 'http://127.0.0.1:4747/?token=t', cookie: 'grokscope-1-4747=t' }

/** A folder in which a process on a machine of that name took work for `a.grokscope`. */
async function recordOf(pid: number, host: string): Promise<string> {
  const folder = temporaryFolder()
  vi.mocked(hostname).mockReturnValue(host)
  const withdraw = await announceHost(folder, '/a.grokscope', door)
  copyFileSync(join(folder, 'hosts', `${process.pid}.json`), join(folder, 'hosts', `${pid}.json`))
  withdraw()
  return folder
}

async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'])
  await once(child, 'close')
  return child.pid!
}

it('is found on its machine, also where that is called otherwise since', async () => {
  const holder = { pid: process.ppid, host: 'laptop.home', path: '/a.grokscope' }
  const folder = await recordOf(process.ppid, 'laptop.home')
  expect(findHost(folder, holder)).toEqual(door)
  vi.mocked(hostname).mockReturnValue('laptop.office')
  expect(findHost(folder, holder)).toEqual(door)
})

it('is not taken for that of another archive, of another machine with the same home, or of a process that is not here', async () => {
  const holder = { pid: process.ppid, host: 'node1', path: '/a.grokscope' }
  const folder = await recordOf(process.ppid, 'node1')
  expect(findHost(folder, { ...holder, path: '/b.grokscope' })).toBeUndefined()
  expect(findHost(folder, { ...holder, host: 'node2' })).toBeUndefined()
  expect(findHost(await recordOf(process.ppid, 'node2'), holder)).toBeUndefined()
  const ended = await endedProcess()
  const elsewhere = await recordOf(ended, 'node1')
  vi.mocked(hostname).mockReturnValue('node2')
  expect(findHost(elsewhere, { ...holder, pid: ended })).toBeUndefined()
})
