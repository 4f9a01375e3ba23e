import { InvalidArgumentError, Option, type Command } from 'commander'
import { statistics } from '../../shared/map/cellStatistics.ts'
import { givenPath } from '../services/givenPath.ts'
import { namedFolder } from '../sweep/sweepFolder.ts'
import { collectCommand, planCommand, runCommand, statusCommand, taskCommand } from './commands/sweep.ts'
import { compareCommand } from './commands/sweepCompare.ts'
import { lineCommand, mapCommand } from './commands/sweepMap.ts'
import { claimsCommand, presetCommand, presetsCommand } from './commands/sweepPresets.ts'
import { refineCommand } from './commands/sweepRefine.ts'
import { archive, collect, force, json, pathOption, slots, threads, wholeNumber } from './options.ts'

/** Adds `grokscope sweep` and what it does. */
export function addSweepCommands(program: Command): void {
  const sweep = program.command('sweep').description('compute a plane of experiments: every combination of axes')

  const plan = sweep
    .command('plan')
    .description('check a sweep and show what it would take; nothing is written')
    .argument('<specification>', 'a JSON file, or - for standard input', (path) => givenPath(path, 'specification'))
    .addOption(pathOption('--out <folder>', 'the folder it would have'))
    .addOption(json())
  addOptions(plan, [...onSlurm(), stopAfterFailures()]).action(planCommand)

  const runSweep = sweep
    .command('run')
    .description('begin a sweep or go on with it; Ctrl-C saves it, and the same command again computes what is missing')
    .argument('<sweep>', 'a JSON file, - for standard input, or the folder of a sweep', (path) =>
      givenPath(path, 'sweep'),
    )
    .addOption(
      pathOption('--out <folder>', 'the folder (default: here, named like the file; needed for standard input)'),
    )
    .addOption(slots())
    .addOption(json())
  addOptions(runSweep, onSlurm())
    .addOption(new Option('--copy-node', 'put this Node into the folder, for nodes that have none'))
    .addOption(stopAfterFailures())
    .action(runCommand)

  sweep
    .command('status')
    .description('show how many runs of a sweep have ended')
    .argument(...sweepFolder())
    .addOption(json())
    .action(statusCommand)

  sweep
    .command('collect')
    .description('add the ended runs of a sweep to an archive, each once')
    .argument(...sweepFolder())
    .option('--partial', 'also unfinished runs, as far as they got; collecting again replaces them')
    .addOption(archive())
    .addOption(json())
    .action(collectCommand)

  sweep
    .command('map')
    .description('draw the plane of a sweep, as far as its runs have ended, or write it as a table')
    .argument(...sweepFolder())
    .option('--x <field>', 'the axis across (default: as the sweep says, or its last)')
    .option('--y <field>', 'the axis upwards (default: as the sweep says, or its first)')
    .option('--color <name>', 'what to color by: a value of each run, such as t_grok, delay or testAccuracy, or phase')
    .addOption(
      new Option('--of <statistic>', 'what a cell shows of its seeds; exponent: of their medians along x')
        .choices([...statistics, 'exponent'])
        .default(statistics[0]),
    )
    .addOption(
      new Option('--boundary <axis>', 'draw, along this axis, where half of the seeds generalize').choices(['x', 'y']),
    )
    .addOption(phaseDelay())
    .addOption(phaseWithin())
    .option(
      '--at <field=value>',
      'only runs with this value of a field (repeatable); other fields get a map per value',
      collect,
      [],
    )
    .addOption(pathOption('--out <file>', 'a file .svg, .pdf or .csv').makeOptionMandatory())
    .addOption(force())
    .action(mapCommand)

  sweep
    .command('line')
    .description('plot a value of each run of a sweep along one axis, with the power laws fitted to it')
    .argument(...sweepFolder())
    .option('--x <field>', 'the axis (default: as the sweep says, or its last)')
    .option('--color <name>', 'a value of each run, such as t_grok, delay or testAccuracy')
    .option('--at <field=value>', 'only where a field has a value (repeatable)', collect, [])
    .addOption(pathOption('--out <file>', 'a file .svg, .pdf or .csv').makeOptionMandatory())
    .addOption(force())
    .action(lineCommand)

  sweep
    .command('compare')
    .description('compare two sweeps over one plane or along one axis, cell by cell and run by run')
    .argument(...sweepFolder())
    .argument('<other>', 'the folder of another', (path) => namedFolder(givenPath(path, 'other')))
    .option('--x <field>', 'the axis across (default: as the first says, or its last)')
    .option('--y <field>', 'the axis upwards (default: as the first says, or its first)')
    .option('--color <name>', 'what to color by: a value of each run, such as t_grok, delay or testAccuracy, or phase')
    .addOption(phaseDelay())
    .addOption(phaseWithin())
    .option('--at <field=value>', 'only where a field has a value (repeatable)', collect, [])
    .addOption(
      pathOption(
        '--out <file>',
        'a file .svg or .pdf: both and their difference, as maps or lines, or .csv: a line for each cell',
      ),
    )
    .addOption(force())
    .addOption(json())
    .action(compareCommand)

  sweep
    .command('refine')
    .description('add cells to a sweep midway between neighbors whose phases or seeds disagree, as its next round')
    .argument(...sweepFolder())
    .option('--x <field>', 'the axis across (default: as the sweep says, or its last)')
    .option('--y <field>', 'the axis upwards (default: as the sweep says, or its first)')
    .addOption(phaseDelay())
    .addOption(phaseWithin())
    .option('--dry-run', 'only say what would be added')
    .action(refineCommand)

  sweep.command('presets').description('list ready-made sweeps, and where they come from').action(presetsCommand)

  sweep
    .command('preset')
    .description('print the specification of a sweep to begin with')
    .argument('<name>', 'as `sweep presets` lists it')
    .action(presetCommand)

  sweep
    .command('claims')
    .description('print the claims about a ready-made sweep, with verdicts')
    .argument(...sweepFolder())
    .addOption(json())
    .action(claimsCommand)

  sweep
    .command('task')
    .description('compute one task of a sweep: exit 0 complete, 1 runs failed, 75 start it again')
    .argument(...sweepFolder())
    .argument('<index>', 'which task, from 0', wholeIndex)
    .addOption(threads())
    .addOption(stopAfterFailures())
    .action(taskCommand)
}

const sweepFolder = () =>
  ['<folder>', 'the folder of a sweep', (path: string) => namedFolder(givenPath(path, 'folder'))] as const

const phaseDelay = () =>
  new Option('--phase-delay <steps>', 'smallest delay, in steps, that counts as grokking (default: 1000)').argParser(
    wholeNumber,
  )
const phaseWithin = () =>
  new Option('--phase-within <steps>', 'steps within which both events must occur (default: all)').argParser(
    wholeNumber,
  )

const stopAfterFailures = () =>
  new Option(
    '--stop-after-failures <count>',
    'start no more runs once this many could not be computed (diverged runs do not count)',
  ).argParser(wholeNumber)

const onSlurm = () => [
  new Option(
    '--on <where>',
    'where it is computed; gpu: many runs at once, in float32; auto: GPU or processor, whichever is faster',
  )
    .choices(['here', 'slurm', 'gpu', 'auto'])
    .default('here'),
  new Option('--per-task <count>', 'runs of one task (default: about half an hour of them)').argParser(wholeNumber),
  new Option('--partition <name>', 'the partition (*: remembered for the next sweep)'),
  new Option('--account <name>', 'the account (*)'),
  new Option('--time <limit>', 'the time limit of a task, such as 90 (minutes) or 1-12 (days-hours)'),
  new Option('--mem <size>', 'the memory of a task, such as 500M'),
  new Option('--at-once <count>', 'tasks that run at once').argParser(wholeNumber),
  new Option('--sbatch <options>', 'more options of sbatch (*, repeatable)').argParser(collectOptions),
  new Option('--setup <lines>', "lines of bash before the program, such as 'module load nodejs' (*)"),
  new Option('--prefix <words>', "words before the program, such as 'apptainer exec image.sif' (*)"),
  threads(),
]

function collectOptions(value: string, before: string[] = []): string[] {
  return [...before, value]
}

function addOptions(command: Command, options: readonly Option[]): Command {
  for (const option of options) command.addOption(option)
  return command
}

function wholeIndex(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('a whole number of at least 0 is allowed.')
  return Number(value)
}
