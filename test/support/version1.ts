import DatabaseConstructor from 'better-sqlite3'
import { migrate, migrations } from '../../src/main/store/migrations/migrate.ts'

/** Writes the archive at `path` to `target` as the first version of this program would have. */
export function writeVersion1(path: string, target: string): void {
  const database = new DatabaseConstructor(target)
  migrate(database, migrations.slice(0, 1))
  database.pragma('foreign_keys = OFF')
  database.prepare('ATTACH ? AS newer').run(path)
  const tables = database.prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table'").pluck().all() as string[]
  for (const table of tables) {
    const columns = database.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[]
    // The first version kept no chunk where nothing was measured.
    const kept = table === 'chunks' ? 'WHERE length(data) > 0' : ''
    const values = columns.map((column) => (table === 'runs' ? (formerColumns[column] ?? column) : column))
    database.exec(
      `INSERT INTO main.${table} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM newer.${table} ${kept}`,
    )
  }
  database.close()
}

const facet = (path: string, of: 'number' | 'text') =>
  `(SELECT ${of} FROM newer.facets WHERE facets.setup = newer.runs.setup AND path = '${path}')`
const latest = (name: string) => `(SELECT value FROM newer.latest WHERE runId = newer.runs.id AND name = '${name}')`
const moment = (name: string, of: 'step' | 'tau') =>
  `(SELECT ${of} FROM newer.events WHERE runId = newer.runs.id AND events.name = '${name}')`

/** What the first version kept in columns of its own. */
const formerColumns: Record<string, string> = {
  task: facet('task.kind', 'text'),
  modulus: facet('task.modulus', 'number'),
  trainFraction: facet('task.trainFraction', 'number'),
  hidden: facet('network.hidden', 'number'),
  activation: facet('network.activation', 'text'),
  initialization: facet('initialization.kind', 'text'),
  dynamics: facet('dynamics.kind', 'text'),
  ridge: facet('dynamics.ridge', 'number'),
  integrator: facet('dynamics.integrator.kind', 'text'),
  stepSize: facet('dynamics.integrator.stepSize', 'number'),
  tolerance: facet('dynamics.integrator.tolerance', 'number'),
  optimizer: facet('dynamics.optimizer.kind', 'text'),
  learningRate: facet('dynamics.learningRate', 'number'),
  weightDecay: facet('dynamics.weightDecay', 'number'),
  loss: facet('dynamics.loss', 'text'),
  interventions: facet('interventions', 'number'),
  precision: facet('precision', 'text'),
  memorisedStep: moment('memorised', 'step'),
  memorisedTau: moment('memorised', 'tau'),
  halfRiseStep: moment('halfRise', 'step'),
  halfRiseTau: moment('halfRise', 'tau'),
  generalisedStep: moment('generalised', 'step'),
  generalisedTau: moment('generalised', 'tau'),
  localErrorExceededStep: moment('localErrorExceeded', 'step'),
  ...Object.fromEntries(
    ['trainLoss', 'testMse', 'trainAccuracy', 'testAccuracy', 'firstLayerNormSquared', 'secondLayerNormSquared'].map(
      (name) => [name, latest(name)],
    ),
  ),
}
