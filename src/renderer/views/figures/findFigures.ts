import type { Router } from 'vue-router'
import { rankCommands } from '../../components/rankCommands.ts'
import type { Finder } from '../../components/useFound.ts'
import { findVenue } from '../../../shared/figures/venues.ts'
import { figuresRead, readFigures } from '../../pictures/keptFigures.ts'

/** Figures by name or caption. */
export function findFigures(router: Router): Finder {
  return async (query) => {
    await figuresRead
    const figures = readFigures().filter(({ panels }) => panels.length > 0)
    const all = figures.map(({ id, name, caption, panels, venue }) => ({
      group: 'Figure',
      label: name || 'untitled',
      about: `${panels.length} ${panels.length === 1 ? 'panel' : 'panels'}, ${findVenue(venue).label}`,
      words: caption,
      run: () => router.push({ name: 'figures', query: { figure: id } }),
    }))
    return rankCommands(all, query)
  }
}
