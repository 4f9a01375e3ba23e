import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import envPaths from 'env-paths'
import { LabError } from '../../shared/errors.ts'
import type { FigureDescription } from '../../shared/papers/figure.ts'
import { quote } from '../../shared/quote.ts'
import { createCaller, type Caller } from '../engine/host/caller.ts'
import { availableSlots } from '../engine/host/availableSlots.ts'
import { chooseArithmetic } from '../engine/host/chooseArithmetic.ts'
import { nodeWorkers } from '../engine/host/nodeWorker.ts'
import type { StartWorker } from '../engine/host/workerProcess.ts'
import type { ChoiceRequest } from '../engine/messages.ts'
import { filesOfArchive } from '../store/filesOfArchive.ts'
import { beginLaboratory, type LaboratoryBeginning } from './beginLaboratory.ts'
import type { Laboratory, LaboratoryOptions } from './laboratory.ts'
import { leaveInOrder } from './leaveInOrder.ts'
import { createMachineService, type MachineService } from './machine.ts'
import { createSpeedService, type SpeedService } from './speed.ts'

const folders = envPaths('grokscope', { suffix: '' })

/** Without a home folder nothing is remembered from one start to the next. */
export const cacheFolder = isAbsolute(folders.cache) ? folders.cache : undefined

/** Where what a person asked to be remembered lies; nothing without a home folder. */
export const configFolder = isAbsolute(folders.config) ? folders.config : undefined

// Workers, whatever starts them, look for these there.
if (configFolder !== undefined) process.env['GROKSCOPE_TILINGS'] ??= join(configFolder, 'gpuTilings.json')
if (cacheFolder !== undefined) process.env['GROKSCOPE_CUDA_STEPS'] ??= join(cacheFolder, 'cudaSteps.json')
if (isAbsolute(folders.data)) process.env['GROKSCOPE_TENSORFLOW'] ??= join(folders.data, 'tensorflow')

/** Where an installation of TensorFlow lies that is not the program's own. Throws where the system knows no home folder. */
export function tensorflowFolder(): string {
  const folder = process.env['GROKSCOPE_TENSORFLOW']
  if (folder !== undefined && isAbsolute(folder)) return folder
  const message = `GROKSCOPE_TENSORFLOW: ${JSON.stringify(folder ?? '')} is no absolute path; name a folder for TensorFlow`
  throw new LabError('USAGE', message)
}

const archiveAtHome = join(folders.data, 'archive.grokscope')

/** None of these may be written over. */
export const defaultArchiveFiles = isAbsolute(archiveAtHome) ? filesOfArchive(archiveAtHome) : []

/** The archive where none is named. Throws where the system knows no home folder to keep it in. */
export function defaultArchivePath(): string {
  if (isAbsolute(archiveAtHome)) return archiveAtHome
  const given = JSON.stringify(process.env['HOME'] ?? '')
  throw new LabError(
    'USAGE',
    `HOME: ${given} is no absolute path, so there is no folder for your archive; set HOME to your home folder, or name an archive with --archive`,
  )
}

type NodeOptions = { archivePath?: string } & Pick<LaboratoryOptions, 'slots' | 'backend' | 'startQueued' | 'readOnly'>

/** The laboratory under Node, for the command line; where the program is told to end before it is open, nothing is left of the opening. */
export async function openNodeLaboratory(options: NodeOptions): Promise<Laboratory> {
  const { opening, laboratory, close } = beginNodeLaboratory(options)
  return opening ? leaveInOrder(close, () => laboratory) : laboratory
}

/** The same, for the browser host. */
export function beginNodeLaboratory(options: NodeOptions): LaboratoryBeginning {
  return beginLaboratory(completed(options))
}

function completed(options: NodeOptions): LaboratoryOptions & { startMigration: StartWorker } {
  return {
    ...options,
    archivePath: options.archivePath ?? defaultArchivePath(),
    cacheFolder,
    startWorker: ownWorkers(),
    startMigration: ownMigrations(),
    host: { chooseArchive: noDialog, chooseFolder: noDialog },
  }
}

const noDialog = () => Promise.resolve({ path: null, hasDialog: false })

/** What is on this machine, and what it can do, without taking the archive from a program that writes it. */
export function openNodeMachine(
  archivePath = defaultArchivePath(),
  { backend = { kind: 'auto' }, slots = availableSlots() }: Pick<LaboratoryOptions, 'backend' | 'slots'> = {},
): MachineService & { slots: number; speed: SpeedService; close(): void } {
  const caller = openNodeCaller()
  const choose = (request: ChoiceRequest) => chooseArithmetic(caller, request)
  const speed = createSpeedService({ caller, choose, backend, slots, cacheFolder })
  return { ...createMachineService(archivePath, caller, slots, cacheFolder), slots, speed, close: caller.close }
}

/** Workers of this program, under Node. Throws USAGE where no such priority can be wished for. */
export function ownWorkers(): StartWorker {
  const { GROKSCOPE_PRIORITY: priority = '' } = process.env
  if (!['', 'normal'].includes(priority)) {
    const message = `GROKSCOPE_PRIORITY: ${quote(priority)} is not allowed; one of "normal", or nothing for low priority`
    throw new LabError('USAGE', message)
  }
  return nodeWorkers(workerEntry())
}

/** Processes of this program that bring archives to this version, under Node. */
export function ownMigrations(): StartWorker {
  return nodeWorkers(entryOf('./migrationWorker.ts', './migrationWorker.js'))
}

/** Calls into a worker that starts at the first of them. */
export function openNodeCaller(): Caller {
  return createCaller(ownWorkers())
}

/** The paper's figures, without an archive. */
export async function describeFigures(): Promise<FigureDescription[]> {
  const caller = openNodeCaller()
  try {
    return await caller.call('paper.figures', {})
  } finally {
    await caller.close()
  }
}

export function workerEntry(): string {
  return entryOf('../engine/worker/worker.ts', './engineWorker.js')
}

/** Where it lies from here when run from source, and beside this file when bundled. */
function entryOf(source: string, bundle: string): string {
  return fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? source : bundle, import.meta.url))
}
