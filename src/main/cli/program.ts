import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { errorAdvice, LabError, toErrorRecord, type ErrorCode } from '../../shared/errors.ts'
import { spreads } from '../../shared/curves/groupBand.ts'
import { horizontalAxes } from '../../shared/curves/horizontalAxis.ts'
import { venues } from '../../shared/figures/venues.ts'
import { integratorKinds } from '../../shared/dynamics/integrators.ts'
import { figureIds, papers } from '../../shared/papers/papers.ts'
import { printableLines } from '../../shared/printable.ts'
import { shorten } from '../../shared/shorten.ts'
import { version } from '../../shared/version.ts'
import { explainWriting } from '../files/fileFailures.ts'
import { givenPath } from '../services/givenPath.ts'
import { endInOrder } from '../services/leaveInOrder.ts'
import { bench } from './commands/bench.ts'
import { doctor } from './commands/doctor.ts'
import { exportFormatNames } from '../services/interchange/exportFormats.ts'
import { exportCommand } from './commands/export.ts'
import { importCommand } from './commands/import.ts'
import { installTensorFlowCommand } from './commands/installTensorFlow.ts'
import { list } from './commands/list.ts'
import type { figure } from './commands/figure.ts'
import { cancelQueued, holdQueue, runNext, showQueue } from './commands/queue.ts'
import type { reproduce } from './commands/reproduce.ts'
import { resume } from './commands/resume.ts'
import { run } from './commands/run.ts'
import { schema } from './commands/schema.ts'
import type { serve } from './commands/serve.ts'
import { show } from './commands/show.ts'
import { template, templateChoices, templateName } from './commands/template.ts'
import { tensorflowVersions } from '../services/installTensorFlow.ts'
import { definedOnly } from './definedOnly.ts'
import { addExamples } from './examples.ts'
import {
  archive,
  backend,
  collect,
  force,
  json,
  pathOption,
  slots,
  threads,
  wholeNumber,
  wholeNumberUpTo,
  yes,
} from './options.ts'
import { stop } from './stopSignal.ts'
import { addSweepCommands } from './sweepCommands.ts'
import { tellMigrations } from './tellMigrations.ts'

/**
 * Reads the arguments, does what they ask, and sets the exit code: 0 done, 1 a run failed or is damaged or a verdict is not the
 * declared one, 2 bad usage or input, 75 try again.
 */
export async function runProgram(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', endWithOutput)
  // Where nobody can be told any more, on a terminal that is gone say, runs are saved all the same.
  process.stderr.on('error', () => undefined)
  tellMigrations()
  try {
    await buildProgram().parseAsync([...argv])
  } catch (error) {
    process.exitCode = explain(error)
  }
}

/** Every command with its options and examples. */
export function buildProgram(): Command {
  const program = new Command('grokscope')
    .description('A laboratory for the geometry of grokking.')
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(printableLines(withShortArguments(text))) })
    .showHelpAfterError('(add --help for what is allowed)')

  program
    .command('reproduce')
    .description('run the experiments of a figure or a paper, print its claims with verdicts, write figures and data')
    .argument(
      '<figure>',
      `a paper (${papers.map(({ id }) => id).join(', ')}), one of its figures (such as ${figureIds[0]}), or all`,
    )
    .addOption(pathOption('--out <folder>', 'where figures and data are written'))
    .addOption(force())
    .option('--again', 'recompute runs that are finished in the archive')
    .addOption(
      new Option('--integrator <kind>', 'the integrator, instead of the paper’s, for figures that use one').choices(
        integratorKinds,
      ),
    )
    .addOption(archive())
    .addOption(backend())
    .addOption(threads())
    .addOption(slots())
    .addOption(json())
    // Loading what draws figures takes longer than loading all the rest.
    .action(async (...given: Parameters<typeof reproduce>) =>
      (await import('./commands/reproduce.ts')).reproduce(...given),
    )

  program
    .command('run')
    .description('run one specification, or a list of them')
    .argument('<specification>', 'a JSON file, or - for standard input', (path) => givenPath(path, 'specification'))
    .option('--set <path=value>', 'change a field of the specification (repeatable)', collect, [])
    .addOption(archive())
    .addOption(backend())
    .addOption(threads())
    .addOption(slots())
    .addOption(yes())
    .addOption(json())
    .action(run)

  addSweepCommands(program)

  program
    .command('template')
    .description('print a specification to start from')
    .argument('<name>', `what it computes: ${templateChoices.join(', ')}`, templateName)
    .action(template)

  program
    .command('schema')
    .description('print what a specification or a sweep may contain, as a JSON Schema for editors and programs')
    .addArgument(new Argument('[of]', 'of what').choices(['specification', 'sweep']).default('specification'))
    .option('--table', 'print it as a Markdown table')
    .action(schema)

  program
    .command('resume')
    .description('continue runs from their last snapshots')
    .argument('<run...>', 'the ids of runs, or their first characters')
    .option('--steps <count>', 'extend the runs to this many steps', wholeNumber)
    .addOption(slots())
    .addOption(archive())
    .addOption(json())
    .action(resume)

  const queue = program
    .command('queue')
    .description('show what is running and waiting in the window or `serve` that has the archive open')
    .addOption(archive())
    .addOption(json())
    .action(showQueue)
  const queuedRuns = ['<run...>', 'the ids of runs, or their first characters'] as const
  const ofQueue = (command: Command) => {
    const { archive, json } = command.optsWithGlobals<{ archive?: string; json?: boolean }>()
    if (json) throw new LabError('USAGE', '--json: is for `queue` alone, which shows it; leave it out')
    return definedOnly({ archive })
  }

  queue
    .command('next')
    .description('start these waiting runs before all others')
    .argument(...queuedRuns)
    .addOption(archive())
    .action((runs: string[], _, command: Command) => runNext(runs, ofQueue(command)))

  queue
    .command('pause')
    .description('pause the runs of the queue, and start none; sweeps continue until they are paused in Sweeps')
    .addOption(archive())
    .action((_, command: Command) => holdQueue(true, ofQueue(command)))

  queue
    .command('continue')
    .description('continue what `queue pause` paused')
    .addOption(archive())
    .action((_, command: Command) => holdQueue(false, ofQueue(command)))

  queue
    .command('cancel')
    .description('cancel runs, all of them or none')
    .argument(...queuedRuns)
    .addOption(archive())
    .action((runs: string[], _, command: Command) => cancelQueued(runs, ofQueue(command)))

  program
    .command('list')
    .description('list the runs of an archive, newest first')
    .argument('[query...]', 'a filter, such as: p = 37 and t_grok < 2500 tag:euler')
    .addOption(archive())
    .addOption(json())
    .action(list)

  program
    .command('show')
    .description('show everything about one run')
    .argument('<run>', 'the id of a run, or its first characters')
    .addOption(archive())
    .addOption(json())
    .action(show)

  program
    .command('export')
    .description('write a run to a file')
    .argument('<run>', 'the id of a run, or its first characters')
    .addOption(new Option('--format <format>', 'what to write').choices(exportFormatNames).makeOptionMandatory())
    .addOption(pathOption('--out <file>', 'the output file, or - for standard output').makeOptionMandatory())
    .addOption(force())
    .addOption(archive())
    .action(exportCommand)

  program
    .command('figure')
    .description('draw a figure of runs, or one that the window saved, at the size of a venue')
    .argument('[run...]', 'ids of runs, or their first characters; or a filter, as list takes it')
    .option(
      '--panel <name...>',
      'a measurement, a panel of a paper’s figure (musat2025/fig6/test-accuracy), or its claims (musat2025/fig6/claims); repeatable',
    )
    .addOption(pathOption('--figure <file>', 'a figure that the window saved (.json), instead of runs and panels'))
    .addOption(new Option('--axis <name>', 'what stands on the horizontal axis').choices(horizontalAxes))
    .addOption(new Option('--scale <name>', 'the vertical scale').choices(['linear', 'log']))
    .addOption(new Option('--spread <name>', 'every run, or a center with its band').choices(['runs', ...spreads]))
    .option('--group-by <field>', 'what runs of one band have in common (default: their experiment)')
    .addOption(new Option('--venue <name>', 'where it is printed').choices(venues.map(({ id }) => id)))
    .option('--width <width>', 'a width of the venue (full, half, column), or a length such as 85mm')
    .option('--columns <count>', 'panels in a row', wholeNumber)
    .option('--aspect <ratio>', 'height over width of a panel', aspectRatio)
    .option('--caption <text>', 'the caption, for --latex or a .json')
    .option('--titled', 'put titles and captions above the panels')
    .addOption(
      pathOption(
        '--out <file>',
        'what is written: .pdf, .svg, .png, .py (with its .npz) or .json',
      ).makeOptionMandatory(),
    )
    .option('--outlined', 'text of an .svg as outlines')
    .option('--latex', 'also write .tex (the environment, how the runs were made) and .bib beside a .pdf or .png')
    .addOption(new Option('--dpi <number>', 'resolution of a .png (default: 300)').argParser(resolution))
    .addOption(force())
    .addOption(archive())
    // Loading what draws figures takes longer than loading all the rest.
    .action(async (...given: Parameters<typeof figure>) => (await import('./commands/figure.ts')).figure(...given))

  program
    .command('import')
    .description('add the runs of other archives that yours does not have yet')
    .argument('<file...>', 'archives, such as the parts that the tasks of a cluster wrote', collectPath)
    .addOption(archive())
    .addOption(json())
    .action(importCommand)

  program
    .command('serve')
    .description('serve Grokscope to a browser on this machine')
    .option('--port <number>', 'the port (default: 4747, or the next free one)', wholeNumberUpTo(65_535))
    .option('--read-only', 'open the archive without changing it; another program may have it open')
    .addOption(archive())
    .addOption(backend())
    .addOption(slots())
    // A server of HTTP takes long to load too.
    .action(async (...given: Parameters<typeof serve>) => (await import('./commands/serve.ts')).serve(...given))

  program
    .command('bench')
    .description('measure the speed of each backend and its peers, or of a step of training on a GPU, in one run')
    .addArgument(new Argument('[subject]', 'what to measure instead of the backends').choices(['gpu']))
    .addOption(pathOption('--out <file>', 'also write the measurements as JSON'))
    .addOption(force())
    .option('--quick', 'leave out the largest sizes')
    .addOption(
      pathOption(
        '--tune [spec]',
        'of gpu: find and keep the fastest tiles for a specification, or for three sizes, on this card',
      ).conflicts(['out', 'quick']),
    )
    .addOption(json())
    .action(bench)

  program
    .command('doctor')
    .description('show what was found on this machine, and what is damaged in an archive')
    .addOption(pathOption('--archive <file>', 'the archive whose runs to check, down to the last number'))
    .addOption(json())
    .action(doctor)

  program
    .command('install-tensorflow')
    .description('install what training on an NVIDIA GPU needs (Linux), or name the first missing part')
    .addOption(
      new Option('--tensorflow <version>', 'the version of TensorFlow')
        .choices(tensorflowVersions)
        .default(tensorflowVersions[0]),
    )
    .option('--processor', 'install TensorFlow for the processor, with which this project is tested')
    .addOption(new Option('--yes', 'fetch without asking'))
    .action(installTensorFlowCommand)

  addExamples(program)
  return program
}

let outputIsGone = false

/**
 * The output takes no more, as its reader has gone (`… | head`) or its disk is full: ends as when told to, so that
 * running runs are saved first.
 */
function endWithOutput(error: NodeJS.ErrnoException): void {
  if (outputIsGone) return
  outputIsGone = true
  const isFailure = error.code !== 'EPIPE'
  if (isFailure) process.exitCode = explain(explainWriting('standard output', error))
  if (stop()) return
  endInOrder(isFailure ? () => process.exit() : endByPipe)
}

/** As the system ends a program whose reader has gone, of which a shell says nothing. */
function endByPipe(): void {
  if (process.platform === 'win32') return process.exit()
  // Node ignores that signal until a listener has come and gone.
  const listener = () => undefined
  process.on('SIGPIPE', listener).off('SIGPIPE', listener)
  process.kill(process.pid, 'SIGPIPE')
}

/** What was typed stands in quotes, and may be as long as a command line. */
function withShortArguments(text: string): string {
  return text.replaceAll(/(?<=')[^']{201,}(?=')/g, (typed) => shorten(typed, 200))
}

function collectPath(path: string, before: string[] = []): string[] {
  return [...before, givenPath(path, 'file')]
}

function aspectRatio(value: string): number {
  const number = Number(value)
  if (!(number >= 0.1 && number <= 5)) throw new InvalidArgumentError('a number from 0.1 to 5 is allowed.')
  return number
}

function resolution(value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 50 || number > 1200)
    throw new InvalidArgumentError('a whole number from 50 to 1200 is allowed.')
  return number
}

/** These came out of a run or of the program; every other failure is one of usage or input. */
const runFailures: readonly ErrorCode[] = [
  'DIVERGED',
  'NOT_POSITIVE_DEFINITE',
  'WORKER_DIED',
  'CANCELLED',
  'DISK_FULL',
  'SCHEDULER',
  'INTERNAL',
]

/** These may pass when it is tried again, once another program has done its work; sysexits.h has 75 for them, EX_TEMPFAIL. */
const passingFailures: readonly ErrorCode[] = ['ARCHIVE_LOCKED', 'ARCHIVE_UNFINISHED']

/** Tells the error in words and returns the exit code. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  const { code, message } = toErrorRecord(error)
  process.stderr.write(`${printableLines(message)}\n`)
  if (error instanceof LabError || code !== 'INTERNAL') process.stderr.write(`${errorAdvice[code]}\n`)
  else if (error instanceof Error) process.stderr.write(`${printableLines(error.stack ?? '')}\n`)
  if (passingFailures.includes(code)) return 75
  return runFailures.includes(code) ? 1 : 2
}
