import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { preProcessFile } from 'typescript'
import { describe, expect, it } from 'vitest'
import type { Matrix } from '../src/main/lab/backend/backend.ts'

/** What the files below a path may import; where several paths fit a file, the longest rules. */
interface Room {
  path: string
  /** Paths of other rooms or files under src. */
  rooms?: readonly string[]
  packages?: readonly string[]
  /** Whether Node's own modules are available there. */
  node?: boolean
}

const mathematics = ['pure-rand', 'd3-random']
const chartsAndComponents = [
  'vue',
  'vue-router',
  'echarts',
  'katex',
  'reka-ui',
  '@tanstack/vue-table',
  '@tanstack/vue-virtual',
]
const lab = 'main/lab'
const services = [
  'shared',
  'main/files',
  'main/store',
  'main/journal',
  'main/sweep/sweepDataset.ts',
  'main/sweep/sweepFolder.ts',
  'main/sweep/sweepJournals.ts',
  'main/sweep/sweepPlan.ts',
  'main/sweep/sweepRuns.ts',
  'main/sweep/sweepStarts.ts',
  'main/engine/host',
  'main/engine/leaveProcessor.ts',
  'main/engine/messages.ts',
  'main/engine/hostPort.ts',
]

const houseRules: readonly Room[] = [
  { path: 'shared', packages: ['zod'] },
  { path: 'shared/wire.ts', packages: ['zod', '@msgpack/msgpack'] },
  { path: 'shared/charts', rooms: ['shared'], packages: ['d3-delaunay'] },
  { path: 'shared/curves', rooms: ['shared'], packages: ['d3-array'] },
  { path: 'shared/figures', rooms: ['shared'], packages: ['zod', 'fast-png'] },
  { path: 'shared/charts', rooms: ['shared'], packages: ['d3-delaunay'] },
  { path: 'shared/sweep', rooms: ['shared'], packages: ['zod', 'pure-rand'] },

  { path: lab, rooms: ['shared'], packages: mathematics, node: true },
  { path: `${lab}/backend/blas`, rooms: ['shared', lab], packages: ['koffi'], node: true },
  { path: `${lab}/backend/cuda`, rooms: ['shared', lab], packages: ['koffi'], node: true },
  { path: `${lab}/backend/tensorflow.ts`, rooms: ['shared', lab], packages: ['@tensorflow/*'], node: true },
  { path: `${lab}/backend/webgpu.ts`, rooms: ['shared', lab], packages: ['@webgpu/types'], node: true },
  { path: `${lab}/backend/wasm/build.ts`, packages: ['assemblyscript'], node: true },
  // What was measured on this machine is remembered in a file.
  { path: `${lab}/backend/choiceMemory.ts`, rooms: ['shared', lab, 'main/files'], node: true },
  { path: `${lab}/tensorflow`, rooms: ['shared', lab], node: true },

  { path: 'main/files', rooms: ['shared'], node: true },
  { path: 'main/store', rooms: ['shared', 'main/files'], packages: ['better-sqlite3', 'zod'], node: true },
  { path: 'main/journal', rooms: ['shared', 'main/files'], node: true },
  {
    path: 'main/sweep',
    // A task is computed by a program of its own, without an archive.
    rooms: [
      ...['shared', 'main/files', 'main/journal', lab],
      ...['main/store/datasetHash.ts', 'main/store/specificationHash.ts', 'main/store/startHash.ts'],
    ],
    packages: ['zod'],
    node: true,
  },
  { path: 'main/engine/messages.ts', rooms: ['shared'] },
  { path: 'main/engine/hostPort.ts', rooms: ['shared'], node: true },
  { path: 'main/engine/leaveProcessor.ts', rooms: ['shared'], node: true },
  { path: 'main/engine/host', rooms: ['shared', 'main/engine/messages.ts'], node: true },
  {
    path: 'main/engine/worker',
    rooms: ['shared', 'main/engine/messages.ts', 'main/engine/hostPort.ts', 'main/engine/leaveProcessor.ts', lab],
    node: true,
  },
  { path: 'main/services', rooms: services, packages: ['d3-array', 'env-paths', 'mrmime'], node: true },
  {
    path: 'main/services/figures',
    rooms: ['shared', 'main/services/interchange'],
    packages: ['pdfkit', 'fontkit', 'bidi-js', '@resvg/resvg-wasm'],
    node: true,
  },
  {
    path: 'main/services/interchange',
    rooms: [...services, 'main/services'],
    packages: ['yauzl', 'yazl'],
    node: true,
  },
  {
    path: 'main/desktop',
    // Electron's worker processes stand behind the engine's interface, beside those of plain Node.
    rooms: ['shared', 'main/services', 'main/engine/host/workerProcess.ts', 'main/engine/host/nodeWorker.ts'],
    packages: ['electron'],
    node: true,
  },
  { path: 'main/web', rooms: ['shared', 'main/services'], packages: ['ws', 'zod'], node: true },
  {
    path: 'main/cli',
    // A sweep has no laboratory to ask how many runs go on at once.
    rooms: ['shared', 'main/files', 'main/services', 'main/sweep', 'main/web', 'main/engine/host/availableSlots.ts'],
    packages: ['commander', 'cli-progress'],
    node: true,
  },
  {
    path: 'main/index.ts',
    // A window takes runs from the terminal.
    rooms: ['shared', 'main/services', 'main/desktop', 'main/web'],
    packages: ['electron'],
    node: true,
  },
  { path: 'main/launch', rooms: ['shared'], node: true },
  { path: 'main/launch.ts', rooms: ['main/launch'], node: true },
  { path: 'preload', rooms: ['shared'], packages: ['electron'] },
  { path: 'renderer', rooms: ['shared'], packages: chartsAndComponents },
  {
    path: 'renderer/views/new/editor',
    rooms: ['shared', 'renderer'],
    packages: [...chartsAndComponents, '@codemirror/*', '@lezer/*'],
  },
]

/** Rooms of lab that use `backend`, `network`, `tasks` and `numerics`, and no other. */
const lowerRooms: readonly Room[] = [
  { path: `${lab}/numerics`, rooms: [] },
  ...['tasks', 'network', 'dynamics', 'integrators', 'analysis', 'studies'].map((room) => ({
    path: `${lab}/${room}`,
    rooms: [`${lab}/backend`, `${lab}/network`, `${lab}/tasks`, `${lab}/numerics`],
  })),
  // The oracle takes the activations from where they are defined.
  { path: `${lab}/backend`, rooms: [`${lab}/network/activations.ts`] },
]

const source = join(import.meta.dirname, '../src')
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  // The kernels are AssemblyScript, a world of their own.
  .filter((path) => /\.(ts|vue)$/.test(path) && !path.startsWith(`${lab}/backend/wasm/kernels/`))
  .map((path) => ({ path, imports: importsOf(path) }))

describe('the house rules', () => {
  it('cover every file, and every import is found', () => {
    expect(files.filter(({ path }) => roomOf(path, houseRules) === undefined)).toEqual([])
    expect(files.length).toBeGreaterThan(150)
    const all = (suffix: string) => files.find(({ path }) => path.endsWith(suffix))!.imports
    expect(all('cli/index.ts')).toContain('./program.ts')
    expect(all('backend/tensorflow.ts')).toContain('@tensorflow/tfjs-core')
    expect(all('App.vue')).toContain('vue-router')
    expect(all('shared/wire.ts')).toContain('@msgpack/msgpack')
  })

  it('let nobody import what is not theirs', () => {
    const offences = files.flatMap(({ path, imports }) => {
      const room = roomOf(path, houseRules)
      return imports.filter((name) => !room || !isAllowed(path, name, room)).map((name) => `${path} imports ${name}`)
    })
    expect(offences).toEqual([])
  })

  it('let the lower rooms of lab use backend, network and tasks, never one another sideways', () => {
    const offences = files.flatMap(({ path, imports }) => {
      const room = roomOf(path, lowerRooms)
      return imports
        .filter((name) => name.startsWith('.'))
        .map((name) => resolveImport(path, name))
        .filter(
          (target) => room && isInside(target, lab) && ![room.path, ...room.rooms!].some((r) => isInside(target, r)),
        )
        .map((target) => `${path} imports ${target}`)
    })
    expect(offences).toEqual([])
  })

  it('let no view of the window import another: what views share lies beside them', () => {
    const viewOf = (path: string) => /^renderer\/views\/([^/]+)\//.exec(path)?.[1]
    // A view's page stands above its folder; the frame of the window knows all views.
    const isAbove = (path: string) => /^renderer\/(views\/)?[^/]+$/.test(path)
    const offences = files
      .filter(({ path }) => isInside(path, 'renderer') && !isAbove(path))
      .flatMap(({ path, imports }) =>
        imports
          .filter((name) => name.startsWith('.'))
          .map((name) => resolveImport(path, name))
          .filter((target) => viewOf(target) !== undefined && viewOf(target) !== viewOf(path))
          .map((target) => `${path} imports ${target}`),
      )
    expect(offences).toEqual([])
    expect(files.filter(({ path }) => viewOf(path) !== undefined).length).toBeGreaterThan(100)
  })

  it('have no circles: what two files need of one another lies in a third', () => {
    const imports = new Map(
      files.map(({ path, imports: names }) => [
        path,
        names.filter((name) => name.startsWith('.')).map((name) => resolveImport(path, name)),
      ]),
    )
    expect(circlesOf(imports)).toEqual([])
    expect(
      circlesOf(
        new Map([
          ['a', ['b']],
          ['b', ['c', 'd']],
          ['c', ['a']],
          ['d', []],
        ]),
      ),
    ).toEqual([['a', 'b', 'c']])
  })

  it('keep the science out of every host: lab is reached through worker processes alone', () => {
    const imports = new Map(files.map((file) => [file.path, file.imports]))
    const hosts = files.filter(({ path }) => /^main\/(services|cli|web|desktop|store)\//.test(path))
    const reached = new Set(hosts.map(({ path }) => path))
    for (const path of reached) {
      for (const name of imports.get(path) ?? []) if (name.startsWith('.')) reached.add(resolveImport(path, name))
    }
    expect([...reached].filter((path) => isInside(path, lab))).toEqual([])
    expect(reached).toContain('main/engine/host/queue.ts')
  })

  it('let a command load what draws a PDF, or serves a page, only where it does so', () => {
    const loaded = new Set(['main/cli/program.ts'])
    for (const path of loaded) {
      const text = readFileSync(join(source, path), 'utf8')
      for (const [, name] of text.matchAll(/^(?:import|export)\s(?!type\s)[^']*?'(\.[^']+\.ts)'/gm)) {
        loaded.add(resolveImport(path, name!))
      }
    }
    const heavy = ['main/services/figures/figurePdf.ts', 'main/web/webHost.ts']
    expect(heavy.filter((path) => loaded.has(path))).toEqual([])
    expect([...heavy, 'main/cli/commands/run.ts'].filter((path) => files.every((file) => file.path !== path))).toEqual(
      [],
    )
    expect(loaded).toContain('main/cli/commands/run.ts')
  })

  it('leave the entries of a matrix to its backend: Matrix has none, and hostMemory is known in backend/ alone', () => {
    // @ts-expect-error a matrix has no entries of its own
    const entries = ({ data }: Matrix): unknown => data
    expect(entries({} as Matrix)).toBeUndefined()
    const reaching = files.filter(({ path, imports }) =>
      imports.some((name) => name.startsWith('.') && resolveImport(path, name) === 'main/lab/backend/hostMemory.ts'),
    )
    expect(reaching.filter(({ path }) => !isInside(path, `${lab}/backend`))).toEqual([])
    expect(reaching.length).toBeGreaterThan(0)
  })

  it('let files be written in one place, whole', () => {
    const writing = /\b(appendFile|copyFile|createWriteStream|rename|write|writeFile)(Sync)?\b[^}]*\} from 'node:fs/
    const isWriter = (path: string) => writing.test(readFileSync(join(source, path), 'utf8'))
    const writers = files.map(({ path }) => path).filter(isWriter)
    expect(writers.filter((path) => !isInside(path, 'main/files')).sort()).toEqual([
      // A log grows line by line.
      'main/desktop/log.ts',
      // What a process tells of a run grows frame by frame.
      'main/journal/journal.ts',
      // Nothing that stays: whether the disk takes anything.
      'main/store/diskLimit.ts',
      // Copies to be read, in a folder of their own.
      'main/store/openToRead.ts',
    ])
  })

  it('let numbers be written in one place, where they have significant digits and no noise', () => {
    const writing = /\.(toFixed|toPrecision|toExponential|toLocaleString)\b|\bNumberFormat\b/
    const isWriter = (path: string) => writing.test(readFileSync(join(source, path), 'utf8'))
    const writers = files.map(({ path }) => path).filter(isWriter)
    expect(writers.sort()).toEqual([
      'shared/formatting/formatNumber.ts',
      // Limits as a specification has them, in JSON.
      'shared/specification/markdownTable.ts',
    ])
  })

  it('would notice', () => {
    const offences = [
      ['renderer/lab.ts', '../main/services/laboratory.ts'],
      ['renderer/lab.ts', 'node:fs'],
      ['shared/run.ts', 'vue'],
      ['main/store/archive.ts', '../engine/host/queue.ts'],
      ['main/engine/host/queue.ts', '../../lab/runExperiment.ts'],
      ['main/engine/host/queue.ts', '../worker/answerCall.ts'],
      ['main/services/runs.ts', '../engine/worker/answerCall.ts'],
      ['main/lab/network/network.ts', 'koffi'],
      ['main/lab/runExperiment.ts', '@tensorflow/tfjs-core'],
      ['main/services/runs.ts', 'electron'],
      ['preload/index.ts', 'node:fs'],
    ] as const
    for (const [path, name] of offences) {
      expect([path, name, isAllowed(path, name, roomOf(path, houseRules)!)]).toEqual([path, name, false])
    }
  })
})

it('every file that ARCHITECTURE.md names is there', () => {
  const text = readFileSync(join(source, '../ARCHITECTURE.md'), 'utf8')
  const named = [...new Set(text.match(/(?<=`)(?!test\/)[\w./-]+\.(ts|vue)(?=`)/g))]
  expect(named.length).toBeGreaterThan(10)
  const paths = files.map(({ path }) => `/src/${path}`)
  expect(named.filter((name) => !paths.some((path) => path.endsWith(`/${name}`)))).toEqual([])
})

it('numbers of equations and figures stand in the papers’ own rooms alone', () => {
  const numbered = /\b(Eqs?|Figs?|Thm|Sec|App)\. ?\d|\b(Figures?|Theorem|Equations?|Lemma) \d/
  // What a figure of one's own is called at first.
  const isOwn = /'Figure 1'|<i>Figure 1\.<\/i>/
  const isComment = /^\s*(\/\/|\/?\*|<!--)/
  const found = files
    .filter(({ path }) => !/^(main\/lab|shared)\/papers\//.test(path))
    .flatMap(({ path }) =>
      readFileSync(join(source, path), 'utf8')
        .split('\n')
        .map((line) => ({ path, line })),
    )
    .filter(({ line }) => numbered.test(line) && !isOwn.test(line) && !isComment.test(line))
  expect(found).toEqual([])
})

/** Groups of files each of which leads to every other of its group by imports, sorted (Tarjan 1972). */
function circlesOf(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const entered = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const circles: string[][] = []
  const enter = (path: string): number => {
    const own = entered.size
    entered.set(path, own)
    lowest.set(path, own)
    open.push(path)
    for (const next of imports.get(path) ?? []) {
      const reached = entered.has(next) ? (open.includes(next) ? entered.get(next)! : own) : enter(next)
      lowest.set(path, Math.min(lowest.get(path)!, reached))
    }
    if (lowest.get(path) === own) {
      const group = open.splice(open.indexOf(path))
      if (group.length > 1) circles.push(group.sort())
    }
    return lowest.get(path)!
  }
  for (const path of imports.keys()) if (!entered.has(path)) enter(path)
  return circles
}

function roomOf(path: string, rooms: readonly Room[]): Room | undefined {
  const fitting = rooms.filter((room) => isInside(path, room.path))
  return fitting.toSorted((a, b) => b.path.length - a.path.length)[0]
}

function isAllowed(path: string, name: string, room: Room): boolean {
  if (name.startsWith('.')) {
    const target = resolveImport(path, name)
    // Data and styles, such as package.json, are no module of ours.
    if (!/\.(ts|vue)$/.test(target)) return true
    return [room.path, ...(room.rooms ?? [])].some((other) => isInside(target, other)) || isInSameRoom(path, target)
  }
  if (isBuiltin(name)) return room.node ?? false
  return (room.packages ?? []).some((allowed) =>
    allowed.endsWith('*') ? name.startsWith(allowed.slice(0, -1)) : isInside(name, allowed),
  )
}

/** A file with a rule of its own may import its neighbors; what they may import is their rule. */
function isInSameRoom(path: string, target: string): boolean {
  return dirname(path) === dirname(target)
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

function resolveImport(path: string, name: string): string {
  return relative(source, join(source, dirname(path), name))
}

/** Every module that a file names: imports, re-exports, types of imports, dynamic imports. */
function importsOf(path: string): string[] {
  const content = readFileSync(join(source, path), 'utf8')
  const scripts = path.endsWith('.vue')
    ? [...content.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]!)
    : [content]
  return scripts.flatMap((script) => preProcessFile(script, true, false).importedFiles.map(({ fileName }) => fileName))
}
