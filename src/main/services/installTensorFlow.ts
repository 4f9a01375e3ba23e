import { spawn } from 'node:child_process'
import { constants, existsSync } from 'node:fs'
import { access, mkdir, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { LabError } from '../../shared/errors.ts'
import type { TensorFlowPart } from '../../shared/machine.ts'
import { explainWriting } from '../files/fileFailures.ts'
import { openNodeCaller, tensorflowFolder } from './nodeLaboratory.ts'

/** Those whose libraries were seen to load with NVIDIA's wheels below. */
export const tensorflowVersions = ['2.20.0', '2.18.1'] as const

export interface TensorFlowWish {
  version: (typeof tensorflowVersions)[number]
  /** TensorFlow for the processor, with which this project's tests are run, and no CUDA. */
  onProcessor: boolean
  /** Is asked before much is fetched; throws where it shall not be. */
  ask(what: string): Promise<void>
  report(what: string): void
}

/**
 * Brings TensorFlow to this machine part by part, and answers with the device that it then computes on: what is there
 * already stays as it is, and what is missing is fetched by npm and pip, which compare it with the hashes of their
 * registries and keep what is whole for the next try. Throws BACKEND_UNAVAILABLE with the first part that it cannot bring, and FILE_UNWRITABLE with
 * the folder where it may not.
 */
export async function installTensorFlow(wish: TensorFlowWish): Promise<string> {
  const brought = new Set<TensorFlowPart>()
  for (;;) {
    const found = await describeTensorFlow()
    if (found.available) return found.device
    const { part, place = '', reason } = found
    const bring = part && !brought.has(part) ? steps[part] : undefined
    if (!bring) throw unavailable(reason)
    if (process.platform !== 'linux') throw unavailable(`${reason}; it is installed by this program under Linux alone`)
    brought.add(part!)
    wish.report(reason)
    await bring(place, wish).catch((failure: NodeJS.ErrnoException) => {
      throw explainWriting(failure.path ?? place, failure)
    })
  }
}

/** In a worker of its own each time: Node remembers of packages that they were not there. */
async function describeTensorFlow() {
  const caller = openNodeCaller()
  try {
    return await caller.call('machine.tensorflow', {})
  } finally {
    await caller.close()
  }
}

const steps: Partial<Record<TensorFlowPart, (place: string, wish: TensorFlowWish) => Promise<void>>> = {
  package: installPackage,
  library: installLibrary,
  binding: buildBinding,
  cuda: installCuda,
}

async function installPackage(): Promise<void> {
  const folder = tensorflowFolder()
  // npm would fetch everything first, and advise to overwrite what stands in its way.
  await mkdir(folder, { recursive: true })
  await access(folder, constants.W_OK)
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts']
  await run(
    'npm',
    ['install', '--prefix', folder, ...quiet, '@tensorflow/tfjs-node-gpu@4.22.0'],
    'install Node.js with npm',
  )
}

/** NVIDIA's libraries of CUDA 12.5 that TensorFlow opens; its own look for them beside it, in `nvidia`. */
const cudaWheels = [
  'nvidia-cuda-runtime-cu12==12.5.82',
  'nvidia-cublas-cu12==12.5.3.2',
  'nvidia-cufft-cu12==11.2.3.61',
  'nvidia-cusolver-cu12==11.6.3.83',
  'nvidia-cusparse-cu12==12.5.1.3',
  'nvidia-cudnn-cu12==9.3.0.75',
  'nvidia-nvjitlink-cu12==12.5.82',
]

async function installLibrary(place: string, { version, onProcessor, ask }: TensorFlowWish): Promise<void> {
  const wheels = onProcessor ? [`tensorflow-cpu==${version}`] : [`tensorflow==${version}`, ...cudaWheels]
  await installWheels(place, wheels, onProcessor ? '0.3 GB, 1.2 GB unpacked' : '2.1 GB, 4 GB unpacked', ask)
  const libraries = join(place, 'deps/lib')
  await rm(libraries, { recursive: true, force: true })
  await symlink('tensorflow', libraries)
}

/** Those of NVIDIA that have gone missing; a library that came otherwise may want other versions. */
async function installCuda(place: string, { ask, report }: TensorFlowWish): Promise<void> {
  if (existsSync(join(place, 'deps/tensorflow'))) return installWheels(place, cudaWheels, '1.5 GB, 2 GB unpacked', ask)
  report('The library was not installed by this command, which therefore installs no CUDA for it.')
}

async function installWheels(place: string, wheels: string[], size: string, ask: TensorFlowWish['ask']): Promise<void> {
  const deps = join(place, 'deps')
  await ask(`pip fetches ${wheels.join(', ')} (${size}) into ${deps}`)
  // One by one, so that a second try fetches only what the first had not.
  const fetched = join(place, 'wheels')
  for (const wheel of wheels) await pip('download', '--dest', fetched, wheel)
  await pip('install', '--no-compile', '--upgrade', '--no-index', '--find-links', fetched, '--target', deps, ...wheels)
  await rm(fetched, { recursive: true })
}

/** Of a wheel for Python the libraries are used alone, so that it need not be that of the Python here. */
function pip(command: string, ...args: string[]): Promise<void> {
  const anyPython = ['--only-binary=:all:', '--implementation=cp', '--python-version=3.11', '--abi=cp311']
  const platforms = ['manylinux2014', 'manylinux_2_17', 'manylinux_2_27'].map((name) => `--platform=${name}_x86_64`)
  return run(
    'python3',
    ['-m', 'pip', command, '--no-deps', ...anyPython, ...platforms, ...args],
    'install Python with pip (Debian, Ubuntu: sudo apt install python3-pip)',
  )
}

async function buildBinding(place: string): Promise<void> {
  const library = ['libtensorflow_cc.so.2', 'libtensorflow.so.2'].find((name) =>
    existsSync(join(place, 'deps/lib', name)),
  )
  const folder = join(place, 'lib/napi-v8')
  await mkdir(folder, { recursive: true })
  await run(
    'g++',
    [
      ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8'],
      ...includeFolders(place).map((path) => `-I${path}`),
      ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(place, 'binding', name)),
      ...['-o', join(folder, 'tfjs_binding.node'), '-Wl,--no-as-needed', `-L${join(place, 'deps/lib')}`],
      ...[`-l:${library}`, '-l:libtensorflow_framework.so.2', '-Wl,-rpath,$ORIGIN/../../deps/lib'],
    ],
    'install a C++ compiler (Debian, Ubuntu: sudo apt install g++)',
  )
}

/** TensorFlow's headers, as a wheel and as Google's archive have them, and Node's, which come with koffi. */
function includeFolders(place: string): string[] {
  const koffi = dirname(createRequire(import.meta.url).resolve('koffi'))
  const all = [join(place, 'deps/tensorflow/include'), join(place, 'deps/include')]
  return [...all.filter((path) => existsSync(path)), join(koffi, 'vendor/node-api-headers/include')]
}

/** Runs a program, which tells on standard error what it does. */
async function run(program: string, args: string[], remedy: string): Promise<void> {
  // pip goes on where a download broke off, from version 25.1 on.
  const env = { ...process.env, PIP_RESUME_RETRIES: '10', PIP_ROOT_USER_ACTION: 'ignore' }
  const child = spawn(program, args, { stdio: ['ignore', 2, 2], env })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  }).catch((failure: NodeJS.ErrnoException) => {
    throw unavailable(failure.code === 'ENOENT' ? `${program} is not found; ${remedy}` : failure.message)
  })
  if (code !== 0) throw unavailable(`${program} ended with exit code ${code}; what it wrote stands above`)
}

function unavailable(reason: string): LabError {
  return new LabError('BACKEND_UNAVAILABLE', `TensorFlow: ${reason}`)
}
