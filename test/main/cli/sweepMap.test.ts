import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { runCommandLine } from '../../support/commandLine.ts'
import { temporaryFolder } from '../../support/folders.ts'

const folder = temporaryFolder()
const [wd, fraction, hidden] = ['dynamics.weightDecay', 'task.trainFraction', 'network.hidden']

const sweep = {
  name: 'to be drawn',
  base: {
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.7 },
    network: { hidden: 8 },
    dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.01, weightDecay: 1, steps: 300 },
  },
  axes: [
    { field: fraction, values: [0.6, 0.8] },
    { field: wd, from: 0.1, to: 10, count: 3, scale: 'log' },
    { field: hidden, values: [4, 16] },
  ],
  seeds: 2,
  map: { x: wd, y: fraction, color: 'testAccuracy' },
}
const grokscope = (...options: string[]) => runCommandLine(folder, ...options)
const read = (name: string) => readFileSync(join(folder, name), 'utf8')
const table = (name: string) => {
  const [head, ...rows] = read(name)
    .trim()
    .split('\n')
    .map((line) => line.split(','))
  return rows.map((row) => Object.fromEntries(row.map((cell, place) => [head![place]!, cell])))
}

beforeAll(async () => {
  writeFileSync(join(folder, 'sweep.json'), JSON.stringify(sweep))
  const { code, stderr } = await grokscope('sweep', 'run', 'sweep.json', '--out', 'drawn', '--slots', '2')
  expect([code, stderr.includes('Error')]).toEqual([0, false])
})

describe('sweep map', () => {
  it('writes a table with a row for each cell, a map for each value of a third axis', async () => {
    expect(await grokscope('sweep', 'map', 'drawn', '--out', 'map.csv')).toMatchObject({ code: 0 })
    const rows = table('map.csv')
    expect(rows).toHaveLength(12)
    expect(Object.keys(rows[0]!)).toEqual([
      wd,
      fraction,
      hidden,
      'runs',
      'ended',
      'failed',
      'above',
      'state',
      'testAccuracy',
    ])
    expect(new Set(rows.map((row) => row[hidden]))).toEqual(new Set(['4', '16']))
    for (const row of rows) expect(row).toMatchObject({ runs: '2', ended: '2', state: 'value' })
  })

  it('draws a slice, by the axes and the colors that are asked for, as a picture', async () => {
    const slice = ['--at', `${hidden}=16`, '--x', fraction, '--y', wd]
    for (const color of [['t_memorize'], ['phase', '--boundary', 'x'], ['t_grok', '--of', 'share']]) {
      const drawn = await grokscope(
        'sweep',
        'map',
        'drawn',
        ...slice,
        '--color',
        ...color,
        '--out',
        'map.svg',
        '--force',
      )
      expect(drawn).toMatchObject({ code: 0, stderr: '' })
      expect(read('map.svg')).toContain('training share')
    }
    expect(await grokscope('sweep', 'map', 'drawn', ...slice, '--out', 'map.pdf')).toMatchObject({ code: 0 })
    expect(read('map.pdf')).toMatch(/^%PDF/)
  })

  it.each([
    [['--x', 'foo'], /--x: "foo" is no axis here; one of task.trainFraction, dynamics.weightDecay, network.hidden/],
    [['--x', wd, '--y', wd], /--x and --y are both "dynamics.weightDecay"/],
    [['--color', 'foo'], /no number of a run is called "foo"; there are step, /],
    [['--of', 'share'], /testAccuracy has a value in every run/],
    [['--at', 'network.hidden=5'], /network.hidden is nowhere "5"; it is 4, 16/],
    [['--at', 'foo=5'], /--at: "foo" is no axis/],
    [['--at', 'foo'], /--at "foo": expected field=value/],
    [['--phase-delay', '0'], /a whole number of at least 1/],
  ])('says what is wrong with %j, and writes nothing', async (options, message) => {
    const { code, stderr } = await grokscope('sweep', 'map', 'drawn', ...options, '--out', 'wrong.svg')
    expect([code, stderr]).toEqual([2, expect.stringMatching(message) as string])
    expect(() => read('wrong.svg')).toThrow(/ENOENT/)
  })

  it('takes a picture or a table, no folder of anything else, and replaces no file unasked', async () => {
    expect((await grokscope('sweep', 'map', 'drawn', '--out', 'map.jpg')).stderr).toMatch(
      /"map.jpg" .* \.svg, \.pdf, \.csv/,
    )
    expect((await grokscope('sweep', 'map', '.', '--out', 'a.svg')).code).toBe(2)
    expect((await grokscope('sweep', 'map', 'drawn', '--out', 'sweep.json')).code).toBe(2)
    writeFileSync(join(folder, 'kept.csv'), 'kept')
    expect((await grokscope('sweep', 'map', 'drawn', '--out', 'kept.csv')).code).toBe(2)
    expect(read('kept.csv')).toBe('kept')
  })
})

describe('sweep line', () => {
  it('draws a line for each value of the others, and tells the laws', async () => {
    const { code, stderr } = await grokscope(
      'sweep',
      'line',
      'drawn',
      '--at',
      `${fraction}=0.8`,
      '--color',
      'E2',
      '--out',
      'line.csv',
    )
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^d_h = 4: E2 ∝ wd/) as string])
    expect(stderr).toMatch(/all: E2 ∝ wd\^\(.*\) .*R² = /)
    expect(table('line.csv').length).toBeGreaterThanOrEqual(12)
  })

  it('says where there are too many', async () => {
    const { code, stderr } = await grokscope(
      'sweep',
      'line',
      'drawn',
      '--x',
      fraction,
      '--at',
      `${hidden}=4`,
      '--color',
      'E2',
      '--out',
      'l.svg',
    )
    expect([code, stderr.split('\n')[0]]).toEqual([0, expect.stringMatching(/∝|too few/) as string])
    expect((await grokscope('sweep', 'line', 'drawn', '--x', 'foo', '--out', 'm.svg')).stderr).toMatch(
      /--x: "foo" is no axis/,
    )
  })
})

describe('a sweep of which runs diverge', () => {
  it('names them with cell, seed and reason, and does not compute them again', async () => {
    const base = {
      task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.7 },
      network: { hidden: 4, activation: 'quadratic' },
      dynamics: { kind: 'training', optimizer: 'gradientDescent', learningRate: 1, weightDecay: 0, steps: 20 },
    }
    const axes = [{ field: 'dynamics.learningRate', values: [0.01, 1e6] }]
    writeFileSync(join(folder, 'diverging.json'), JSON.stringify({ base, axes, seeds: [3, 7, 8] }))
    const told =
      /dynamics.learningRate = 1000000, seed 3 failed at step \d+: .+\n(.*seed [78] failed.*\n){2}a run that failed has ended; the same command does not compute it again\n/
    const first = await grokscope('sweep', 'run', 'diverging.json', '--slots', '2')
    expect(first).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('3 finished, 3 failed, 0 not ended') as string,
    })
    expect(first.stderr).toMatch(told)
    const journals = () => readdirSync(join(folder, 'diverging', 'journals')).sort()
    const before = journals()
    expect((await grokscope('sweep', 'run', 'diverging')).stderr).toMatch(told)
    expect(journals()).toEqual(before)
    const status = await grokscope('sweep', 'status', 'diverging')
    expect([status.code, told.test(status.stderr)]).toEqual([0, true])
    const failed = [3, 7, 8].map((seed) => ({
      ...{ at: { 'dynamics.learningRate': 1e6 }, seed, step: expect.any(Number) as number },
      ...{ code: 'DIVERGED', message: expect.stringMatching(/./) as string },
    }))
    for (const command of ['status', 'run']) {
      const { stdout } = await grokscope('sweep', command, 'diverging', '--json')
      expect(JSON.parse(stdout)).toMatchObject({ failed: 3, failures: failed })
    }
  })
})

describe('sweep compare', () => {
  const slice = ['--at', `${hidden}=4`]

  it('tells run by run and cell by cell how another sweep differs, and what was set otherwise', async () => {
    const { base, ...rest } = sweep
    const faster = { ...rest, base: { ...base, dynamics: { ...base.dynamics, learningRate: 0.02 } } }
    writeFileSync(join(folder, 'faster.json'), JSON.stringify(faster))
    expect(await grokscope('sweep', 'run', 'faster.json', '--slots', '2')).toMatchObject({ code: 0 })
    const told = await grokscope('sweep', 'compare', 'drawn', 'faster', ...slice, '--out', 'both.svg')
    expect([told.code, told.stderr]).toEqual([0, ''])
    expect(told.stdout).toContain('12 pairs of runs with the same values and the same seed have ended in both')
    expect(told.stdout).toMatch(/testAccuracy of faster less that of drawn: median .*, 95 % within .* … /)
    expect(told.stdout).toMatch(/phase of most seeds: the same in \d of 6 cells/)
    expect(told.stdout).toContain('what differs besides: dynamics.learningRate 0.01 → 0.02\n')
    for (const title of ['sweep = drawn', 'sweep = faster', 'faster against drawn']) {
      expect(read('both.svg')).toContain(title)
    }

    await grokscope('sweep', 'compare', 'drawn', 'faster', ...slice, '--out', 'both.csv', '--color', 't_memorize')
    expect(table('both.csv')).toHaveLength(6)
    const { stdout } = await grokscope(
      'sweep',
      'compare',
      'drawn',
      'faster',
      ...slice,
      '--json',
      '--color',
      't_memorize',
      '--out',
      'beside.csv',
    )
    expect(table('beside.csv')).toEqual(table('both.csv'))
    const { paired, settings } = JSON.parse(stdout) as {
      paired: { pairs: number; came: Record<string, number> }
      settings: unknown[]
    }
    expect(paired.pairs).toBe(12)
    expect(Object.values(paired.came).reduce((sum, each) => sum + each)).toBe(12)
    expect(settings).toEqual([{ field: 'dynamics.learningRate', first: 0.01, second: 0.02 }])
  })

  it('finds a sweep the same as its copy', async () => {
    cpSync(join(folder, 'drawn'), join(folder, 'copies', 'drawn'), { recursive: true })
    const { stdout } = await grokscope('sweep', 'compare', 'drawn', 'copies/drawn', ...slice, '--color', 'E2')
    expect(stdout).toContain(' of copies/drawn over that of drawn: median 1, 95 % within 1 … 1; the same')
    expect(stdout).toContain('the same in 12 of 12 pairs')
    expect(stdout).toContain('the same in 6 of 6 cells')
    expect(stdout).toContain('what differs besides: nothing')
  })

  it('tells of one that is not begun no machine, which it has none of', async () => {
    const filter = (from: string) => !from.endsWith('.events')
    cpSync(join(folder, 'drawn'), join(folder, 'not begun'), { recursive: true, filter })
    const { code, stdout } = await grokscope('sweep', 'compare', 'not begun', 'drawn', ...slice)
    expect([code, stdout.split('\n')]).toEqual([
      0,
      expect.arrayContaining([
        'no two runs with the same values and the same seed have ended',
        'without a counterpart: 0 of not begun, 12 of drawn',
        'what differs besides: nothing',
      ]),
    ])
  })

  it('tells in JSON numbers that are infinite from those that are not known', async () => {
    for (const [name, steps, learningRate] of [
      ['long', 300, 0.03],
      ['slow', 300, 1e-8],
      ['short', 1, 0.03],
    ] as const) {
      const base = {
        task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.7 },
        network: { hidden: 48, activation: 'quadratic' },
        dynamics: { kind: 'training', optimizer: 'adamw', learningRate, weightDecay: 0.1, steps },
      }
      const axes = [{ field: wd, values: [0, 0.1, 0.2] }]
      writeFileSync(join(folder, `${name}.json`), JSON.stringify({ base, axes, seeds: 2 }))
      expect(await grokscope('sweep', 'run', `${name}.json`, '--slots', '2')).toMatchObject({ code: 0 })
    }
    const compared = async (...options: string[]) => {
      const { stdout } = await grokscope('sweep', 'compare', ...options, '--json', '--color', 't_memorize')
      return (JSON.parse(stdout) as { paired: object }).paired
    }
    expect(await compared('long', 'slow')).toMatchObject({
      came: { both: 0, first: 6, second: 0, neither: 0 },
      median: null,
      low: null,
      high: null,
      infinite: ['median', 'low', 'high'],
    })
    expect(await compared('slow', 'long')).toMatchObject({ median: 0, low: 0, high: 0, infinite: [] })
    // What was not given as long as the other took may have come sooner or later.
    expect(await compared('long', 'short')).toMatchObject({
      came: { both: 0, first: 6, second: 0, neither: 0 },
      cameProbability: 1,
      median: null,
      infinite: [],
    })
    cpSync(join(folder, 'short'), join(folder, 'copies', 'short'), { recursive: true })
    expect(await compared('short', 'copies/short')).toMatchObject({ median: null, low: null, infinite: [] })
  })

  it('prints of sweeps along one axis a line for each value, and draws them as lines', async () => {
    for (const [name, learningRate] of Object.entries({ line: 0.01, steep: 0.02 })) {
      const base = { ...sweep.base, dynamics: { ...sweep.base.dynamics, learningRate } }
      const spec = { name, base, axes: [{ field: wd, values: [1, 0.1] }], seeds: 1 }
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(spec))
      expect(await grokscope('sweep', 'run', `${name}.json`, '--slots', '2')).toMatchObject({ code: 0 })
    }
    const options = ['line', 'steep', '--color', 'testAccuracy', '--out']
    const told = await grokscope('sweep', 'compare', ...options, 'lines.svg')
    expect([told.code, told.stderr]).toEqual([0, ''])
    expect(told.stdout).toMatch(
      /^dynamics.weightDecay +testAccuracy of line +of steep +difference +phase of most seeds\n0.1 .*\n1 .*\n$/m,
    )
    expect(read('lines.svg')).toContain('steep against line')
    await grokscope('sweep', 'compare', ...options, 'lines.csv')
    expect(table('lines.csv')).toMatchObject([
      { [wd]: '0.1', first_state: 'value', second_state: 'value' },
      { [wd]: '1' },
    ])
  })

  it('says what cannot be compared, and writes nothing', async () => {
    const third = await grokscope('sweep', 'compare', 'drawn', 'copies/drawn', '--out', 'third.svg')
    expect([third.code, third.stderr]).toEqual([2, expect.stringContaining('drawn varies in network.hidden too')])
    expect((await grokscope('sweep', 'compare', 'drawn', './drawn/')).stderr).toMatch(/are the same folder/)
    expect((await grokscope('sweep', 'compare', 'drawn', 'nowhere')).code).toBe(2)
    expect((await grokscope('sweep', 'compare', 'drawn', 'copies/drawn', ...slice, '--out', 'a.png')).code).toBe(2)
    expect(() => read('third.svg')).toThrow(/ENOENT/)
  })
})

describe('sweep refine', () => {
  it('adds a round that is computed, drawn and collected like the rest', async () => {
    const options = ['drawn', '--x', wd, '--y', fraction, '--phase-within', '120']
    const dry = await grokscope('sweep', 'refine', ...options, '--dry-run')
    expect(dry.stdout).toMatch(/would add \d+ cells × 2 seeds = \d+ runs, estimated/)
    expect(() => read('drawn/round-1.json')).toThrow(/ENOENT/)
    const count = Number(/(\d+) cells/.exec(dry.stdout)![1])
    expect((await grokscope('sweep', 'refine', ...options)).stdout).toContain(`round 1 adds ${count} cells`)
    expect((await grokscope('sweep', 'refine', ...options)).stderr).toMatch(
      new RegExp(`^${2 * count} runs of drawn have not ended`),
    )
    expect((await grokscope('sweep', 'run', 'drawn', '--slots', '2')).stdout).toContain(
      `${24 + 2 * count} finished, 0 failed, 0 not ended`,
    )
    await grokscope('sweep', 'map', 'drawn', '--out', 'refined.csv')
    expect(table('refined.csv')).toHaveLength(12 + count)
    const collected = await grokscope('sweep', 'collect', 'drawn', '--archive', 'all.grokscope')
    expect(collected.stdout).toContain(`${24 + 2 * count} runs added`)
  })
})

describe('sweeps to begin with', () => {
  it('are listed, printed as `sweep plan` takes them, and claims are of them alone', async () => {
    const { stdout } = await grokscope('sweep', 'presets')
    expect(stdout).toMatch(/four-phases .* 440 runs/)
    writeFileSync(join(folder, 'preset.json'), (await grokscope('sweep', 'preset', 'four-phases')).stdout)
    expect((await grokscope('sweep', 'plan', 'preset.json')).stdout).toContain('88 cells × 5 seeds = 440 runs')
    expect((await grokscope('sweep', 'preset', 'foo')).stderr).toMatch(/there is no sweep "foo"; one of delay-law, /)
    expect((await grokscope('sweep', 'claims', 'drawn')).stderr).toMatch(/is not one of the sweeps with claims/)
  })
})
