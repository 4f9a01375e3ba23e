import { subscribe } from 'node:diagnostics_channel'
import { migrationProgress, type MigrationProgress } from '../store/migrations/migrationProgress.ts'

/** Tells from now on of every archive that this process brings to a newer version; each message comes before the next is written. */
export function watchMigrations(tell: (progress: MigrationProgress) => void): void {
  subscribe(migrationProgress.name, (message) => tell(message as MigrationProgress))
}
