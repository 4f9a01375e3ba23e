import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openArchive } from '../../src/main/store/archive.ts'
import { connectToHost, type HostConnection } from '../../src/main/web/hostConnection.ts'
import type { FigureResult } from '../../src/shared/papers/figure.ts'
import { addressLine } from '../support/browserHost.ts'
import { home, runCommandLine, startCommandLine } from '../support/commandLine.ts'
import { temporaryFolder } from '../support/folders.ts'
import { cookieAt } from '../support/socketClient.ts'

const specification = {
  name: 'hosted',
  task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
  network: { hidden: 24 },
  dynamics: { kind: 'isolated', steps: 60, integrator: { kind: 'heun', stepSize: 0.001 } },
  record: { measureEvery: 1, snapshots: [20] },
  seeds: [0, 1],
}

/** Programs that a test started; it ends them. */
const hosts: (() => Promise<unknown>)[] = []
afterEach(async () => void (await Promise.all(hosts.splice(0).map((end) => end()))))

/** A folder with a specification, and a `serve` of an archive in it, once it listens. */
async function served(folder: string, ...options: string[]) {
  const archive = ['--archive', 'a.grokscope']
  const { child, outcome, output, hasEnded } = startCommandLine(folder, ['serve', ...archive, ...options])
  const end = () => {
    child.kill('SIGTERM')
    return outcome
  }
  hosts.push(end)
  const address = () => output().match(addressLine)?.[0]
  await expect.poll(() => address() !== undefined || hasEnded()).toBe(true)
  return { address: address() ?? '', end }
}

function workplace(spec: object = specification) {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(spec))
  const read = () => {
    const archive = openArchive(join(folder, 'a.grokscope'), { readOnly: true })
    const runs = archive.runs.listRuns()
    archive.close()
    return runs
  }
  return { folder, read, inArchive: (...args: string[]) => runCommandLine(folder, ...args, '--archive', 'a.grokscope') }
}

describe('an archive that a host has open', () => {
  it('gets what run, resume and import are asked, with the ends and the bits of a program of their own', async () => {
    const { folder, read, inArchive } = workplace()
    await served(folder)
    const { code, stdout, stderr } = await inArchive('run', 'spec.json')
    expect([code, stderr]).toEqual([0, expect.stringContaining('open in another Grokscope, which computes this')])
    expect(stdout.match(/finished at step 60 /g)).toHaveLength(2)
    const [first] = read()
    const resumed = await inArchive('resume', first!.id, '--steps', '80')
    expect(resumed.stdout).toMatch(/finished at step 80 /)

    const other = join(temporaryFolder(), 'b.grokscope')
    await runCommandLine(folder, 'run', 'spec.json', '--archive', other)
    expect((await inArchive('import', other)).stdout).toMatch(/1 imported, 1 already present, 0 refused/)
    expect(
      read()
        .map(({ steps, status }) => [steps, status])
        .sort(),
    ).toEqual([
      [60, 'finished'],
      [60, 'finished'],
      [80, 'finished'],
    ])
  })

  it('computes what reproduce asks, to the claims and the data of a program of its own, and no finished run twice', async () => {
    const { folder, read, inArchive } = workplace()
    await served(folder)
    const hosted = await inArchive('reproduce', 'fig1', '--out', 'hosted')
    expect([hosted.code, hosted.stderr]).toEqual([0, expect.stringContaining('another Grokscope, which computes this')])
    expect(hosted.stderr).toMatch(/finished at step \d+ of/)
    expect(hosted.stdout).toMatch(/(\d+) of \1 claims as declared: \1 hold/)
    const runs = read()
    expect(runs.map(({ figure, status }) => [figure, status])).toEqual(runs.map(() => ['musat2025/fig1', 'finished']))
    const own = await runCommandLine(folder, 'reproduce', 'fig1', '--out', 'own', '--archive', 'own.grokscope')
    expect(own.code).toBe(0)
    const written = (name: string) => {
      const place = join(folder, name, 'musat2025/fig1')
      const told = readFileSync(join(place, 'claims.json'), 'utf8')
      const claims = told.replaceAll(/"runId": "\w+"/g, 'a run')
      const tables = readdirSync(place).filter((file) => file.endsWith('.csv'))
      return { claims, tables: tables.map((file) => [file, readFileSync(join(place, file), 'utf8')]) }
    }
    expect(written('hosted').tables.length).toBeGreaterThan(0)
    expect(written('hosted')).toEqual(written('own'))
    const second = await inArchive('reproduce', 'fig1')
    expect([second.code, second.stdout]).toEqual([0, expect.stringContaining(`${runs.length} runs of it are finished`)])
    expect(read()).toHaveLength(runs.length)
    expect((await inArchive('reproduce', 'fig1', '--again')).code).toBe(0)
    expect(read()).toHaveLength(2 * runs.length)
  })

  it('computes a figure with the backend that is asked for, and says what to do about what is its own', async () => {
    const { folder, read, inArchive } = workplace()
    await served(folder, '--backend', 'wasm')
    const provenances = async () => {
      const shown = await Promise.all(read().map(({ id }) => inArchive('show', id, '--json')))
      return shown.map(({ stdout }) => (JSON.parse(stdout) as { provenance: { backend: string } }).provenance.backend)
    }
    expect((await inArchive('reproduce', 'fig1', '--backend', 'plain')).code).toBe(0)
    const first = await provenances()
    expect(first).toEqual(first.map(() => 'plain'))
    expect((await inArchive('reproduce', 'fig1', '--again', '--backend', 'auto')).code).toBe(0)
    expect((await provenances()).toSorted()).toEqual([...first, ...first.map(() => 'wasm')])
    const refusal = async (...options: string[]) => {
      const { code, stderr } = await inArchive('reproduce', 'fig1', '--again', ...options)
      return [code, stderr]
    }
    expect(await refusal('--backend', 'webgpu')).toEqual([2, expect.stringContaining('not allowed with WebGPU')])
    expect(await refusal('--threads', '2')).toEqual([
      2,
      expect.stringMatching(/^--threads is not .*leave --threads out/m),
    ])
    expect(await refusal('--slots', '1')).toEqual([2, expect.stringMatching(/^--slots is not .*`serve --slots N`/m)])
    expect(read()).toHaveLength(2 * first.length)
  })

  it('stops the runs of a figure whose reproduction is interrupted, decides nothing, and goes on', async () => {
    const { folder, read } = workplace()
    await served(folder)
    const options = ['reproduce', 'fig6', '--integrator', 'heun', '--json', '--archive', 'a.grokscope']
    const { child, outcome, output } = startCommandLine(folder, options)
    await expect.poll(output).toContain('"type":"measured"')
    child.kill('SIGINT')
    const { code, stdout, stderr } = await outcome
    expect([code, stderr]).toEqual([1, expect.stringMatching(/fig6 was stopped; its runs are kept/)])
    const { type, claims } = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as FigureResult & { type: string }
    expect([type, new Set(claims.map(({ verdict }) => verdict))]).toEqual(['verdict', new Set(['pending'])])
    const integrated = read().map(({ status, facets }) => [status, facets['dynamics.integrator.kind']])
    expect(integrated).toEqual(integrated.map(() => ['cancelled', 'heun']))
    expect(integrated.length).toBeGreaterThan(0)
    expect((await runCommandLine(folder, 'reproduce', 'fig1', '--archive', 'a.grokscope')).code).toBe(0)
  })

  it('tells every row that is measured, as lines of JSON', async () => {
    const { folder, inArchive } = workplace()
    const own = await runCommandLine(folder, 'run', 'spec.json', '--json', '--archive', 'own.grokscope')
    await served(folder)
    const hosted = await inArchive('run', 'spec.json', '--json')
    const told = (stdout: string) => {
      const events = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter(({ type }) => type !== 'started' && type !== 'progress')
      expect(events.at(-1)).toMatchObject({ type: 'settled' })
      // A number that is none is left out.
      const values = (row: unknown) => Object.entries(row ?? {}).filter(([, value]) => value !== null)
      return events
        .map(({ type, step, tau, status, ...event }) =>
          JSON.stringify([type, step, tau, status, values(event['values'])]),
        )
        .sort()
    }
    expect(told(hosted.stdout)).toEqual(told(own.stdout))
  })

  it('stops the runs of a command that is interrupted, and no others', async () => {
    const { folder, read } = workplace({ ...specification, dynamics: { ...specification.dynamics, steps: 50_000_000 } })
    await served(folder)
    const options = ['run', 'spec.json', '--yes', '--set=seeds=[0]', '--archive', 'a.grokscope']
    const [one, two] = [startCommandLine(folder, options), startCommandLine(folder, options)]
    await expect.poll(() => read().filter(({ status }) => status === 'running').length).toBe(2)
    one.child.kill('SIGINT')
    const { code, stdout, stderr } = await one.outcome
    expect(code).toBe(1)
    expect(stdout).toMatch(/: cancelled at step \d+ in/)
    expect(stderr).toMatch(/^grokscope resume \w+ --archive a.grokscope$/m)
    expect(
      read()
        .map(({ status }) => status)
        .sort(),
    ).toEqual(['cancelled', 'running'])
    two.child.kill('SIGINT')
    await two.outcome
  })

  it('computes with the backend that is asked for, and refuses one that cannot', async () => {
    const { folder, inArchive, read } = workplace()
    await served(folder)
    const taken = await inArchive('run', 'spec.json', '--backend', 'plain', '--set', 'dynamics.steps=5')
    expect([taken.code, taken.stderr]).toEqual([0, expect.stringContaining('is open in another Grokscope')])
    const shown = await inArchive('show', read()[0]!.id, '--json')
    expect(JSON.parse(shown.stdout)).toMatchObject({ provenance: { backend: 'plain' } })
    const computed = read().length
    const refused = await inArchive('run', 'spec.json', '--backend', 'webgpu')
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('dynamics.kind: "isolated" is not allowed with WebGPU, which computes "training" only'),
    ])
    expect(read()).toHaveLength(computed)
  })

  it('takes the runs of a sweep’s folder that a command collects, and knows it from then on', async () => {
    const { folder, inArchive, read } = workplace()
    writeFileSync(
      join(folder, 'sweep.json'),
      JSON.stringify({
        base: { ...specification, name: undefined, seeds: undefined },
        axes: [{ field: 'network.hidden', values: [24, 32] }],
        seeds: 1,
      }),
    )
    const computed = await runCommandLine(folder, 'sweep', 'run', 'sweep.json', '--out', 'plane')
    expect([computed.code, computed.stderr]).toEqual([0, expect.any(String)])
    await served(folder)
    const taken = await inArchive('sweep', 'collect', 'plane')
    expect([taken.code, taken.stdout]).toEqual([
      0,
      expect.stringMatching(/^2 runs added, 0 already present, 0 unfinished/),
    ])
    expect(taken.stderr).toContain('the archive is open in another Grokscope, which takes them')
    expect(read().map(({ status }) => status)).toEqual(['finished', 'finished'])
    expect((await inArchive('sweep', 'collect', 'plane')).stdout).toMatch(/^0 runs added, 2 already present/)
  })

  it('refuses threads that are not the host’s, and data or files that are not there, by name', async () => {
    const { folder, inArchive, read } = workplace()
    await served(folder)
    const threads = await inArchive('run', 'spec.json', '--threads', '2')
    expect([threads.code, threads.stderr]).toEqual([2, expect.stringContaining('--threads is not allowed')])
    const start = await inArchive('run', 'spec.json', '--set', 'initialization={"kind":"file","path":"none.npz"}')
    expect([start.code, start.stderr]).toEqual([2, expect.stringContaining('none.npz')])
    expect(read()).toEqual([])
  })

  it('is found through a record that only its user can read, which goes with the host', async () => {
    const { folder } = workplace()
    const { end } = await served(folder)
    const records = join(home, 'cache', 'grokscope', 'hosts')
    const [record, ...others] = await readdir(records)
    expect(others).toEqual([])
    if (process.platform !== 'win32') expect(statSync(join(records, record!)).mode & 0o777).toBe(0o600)
    await end()
    expect(await readdir(records)).toEqual([])
  })
})

describe('grokscope queue', () => {
  const endless = { ...specification, dynamics: { ...specification.dynamics, steps: 50_000_000 } }

  it('shows the runs of a host in their order, and puts them in another, pauses and cancels them', async () => {
    const { folder, inArchive } = workplace(endless)
    await served(folder, '--slots', '1')
    const command = startCommandLine(folder, [
      'run',
      'spec.json',
      '--yes',
      '--set=seeds=[0,1,2]',
      '--archive',
      'a.grokscope',
    ])
    const read = async () => {
      const { stdout } = await inArchive('queue', '--json')
      return JSON.parse(stdout) as {
        isHeld: boolean
        total: number
        running: { id: string; seed: number; status: string }[]
        waiting: { id: string; seed: number; startsInSeconds: number | null }[]
      }
    }
    await expect.poll(async () => (await read()).running.map(({ status }) => status)).toEqual(['running'])
    // How long the running one takes is known once it has come some way.
    await expect.poll(async () => (await read()).waiting[0]?.startsInSeconds ?? 0).toBeGreaterThan(0)
    const { waiting } = await read()
    expect(waiting.map(({ seed }) => seed)).toEqual([1, 2])
    expect((await inArchive('queue')).stdout).toMatch(
      /^1 +\w{8} +hosted, seed 1 +queued .*begins in .*\n2 +\w{8} .*\n1 of 1 running, 2 waiting$/m,
    )
    expect((await inArchive('queue', 'next', waiting[1]!.id)).code).toBe(0)
    expect((await read()).waiting.map(({ seed }) => seed)).toEqual([2, 1])
    expect((await inArchive('queue', 'pause')).code).toBe(0)
    const held = await read()
    expect([held.isHeld, held.running[0]!.status]).toEqual([true, 'paused'])
    expect((await inArchive('queue', 'cancel', waiting[0]!.id)).code).toBe(0)
    expect((await inArchive('queue', 'continue')).code).toBe(0)
    const after = await read()
    expect([after.isHeld, after.total, after.running[0]!.status]).toEqual([false, 1, 'running'])
    const again = await inArchive('queue', 'next', held.running[0]!.id)
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('does not wait for a place')])
    command.child.kill('SIGINT')
    await command.outcome
  })

  it('says where there is none', async () => {
    const { folder, inArchive } = workplace()
    await inArchive('run', 'spec.json')
    const { code, stderr } = await runCommandLine(folder, 'queue', '--archive', 'a.grokscope')
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/no window and no `serve` of yours has .*a\.grokscope open/),
    ])
  })
})

describe('serve --read-only', () => {
  async function opened(folder: string): Promise<HostConnection> {
    const { address } = await served(folder, '--read-only')
    const connection = await connectToHost({ address, cookie: await cookieAt(address) })
    hosts.push(async () => connection.close())
    return connection
  }

  it('shows an archive that nothing can change, also where another program writes it, and says what is new', async () => {
    const { folder, inArchive } = workplace()
    await inArchive('run', 'spec.json')
    const { request, subscribe } = await opened(folder)
    const { runs } = await request('run.list', {})
    expect(runs.map(({ status }) => status)).toEqual(['finished', 'finished'])
    expect(await request('archive.describe', {})).toMatchObject({ readOnly: true })
    const { id } = runs[0]!
    for (const refused of [
      request('run.rename', { runId: id, name: 'other' }),
      request('run.purge', { runIds: [id] }),
      request('experiment.submit', { spec: specification }),
      request('run.resume', { runIds: [id] }),
    ]) {
      await expect(refused).rejects.toMatchObject({ code: 'ARCHIVE_READ_ONLY' })
    }
    let touched = false
    subscribe((name) => void (touched ||= name === 'runs.touched'))
    expect((await inArchive('run', 'spec.json')).stderr).not.toContain('another Grokscope')
    await expect.poll(() => touched).toBe(true)
    expect((await request('run.list', {})).runs).toHaveLength(4)
  })

  it.skipIf(process.platform === 'win32')('leaves nothing beside an archive, and needs no right to write', async () => {
    const { folder, inArchive } = workplace()
    await inArchive('run', 'spec.json')
    const before = await readdir(folder)
    await chmod(join(folder, 'a.grokscope'), 0o444)
    await chmod(folder, 0o555)
    try {
      const { request } = await opened(folder)
      expect((await request('run.list', {})).total).toBe(2)
    } finally {
      await Promise.all(hosts.splice(0).map((end) => end()))
      await chmod(folder, 0o755)
    }
    expect(await readdir(folder)).toEqual(before)
  })
})
