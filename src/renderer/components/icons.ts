/** Drawn on a 20 × 20 grid with strokes only; what is filled says so itself. */
export const icons = {
  paper: '<path d="M5 2.5h7l3.5 3.5v11.5H5z"/><path d="M12 2.5V6h3.5M7.500 10H13M7.500 13H13"/>',
  new: '<circle cx="10" cy="10" r="7.200"/><path d="M10 6.500v7M6.500 10h7"/>',
  runs: '<path d="M3 5.500h1M3 10h1M3 14.500h1M7 5.500h10M7 10h10M7 14.500h10"/>',
  sweeps:
    '<rect x="3" y="3" width="4" height="4" rx=".5"/><rect x="8" y="3" width="4" height="4" rx=".5"/><rect x="13" y="3" width="4" height="4" rx=".5"/><rect x="3" y="8" width="4" height="4" rx=".5"/><rect x="8" y="8" width="4" height="4" rx=".5" fill="currentColor"/><rect x="13" y="8" width="4" height="4" rx=".5" fill="currentColor"/><rect x="3" y="13" width="4" height="4" rx=".5"/><rect x="8" y="13" width="4" height="4" rx=".5"/><rect x="13" y="13" width="4" height="4" rx=".5" fill="currentColor"/>',
  compare: '<path d="M2.500 15c5 0 5-10 8-10s3 3 7 3"/><path d="M2.500 11c4 0 7 5 15 4.500" opacity=".55"/>',
  figures: '<path d="M3.500 3v13.500H17"/><path d="M6 13l3.200-4.500 3 2.500L16.500 5"/>',
  machine:
    '<rect x="5" y="5" width="10" height="10" rx="1.200"/><path d="M8 2.500V5M12 2.500V5M8 15v2.500M12 15v2.500M2.500 8H5M2.500 12H5M15 8h2.500M15 12h2.500"/>',
  play: '<path d="M7 4.500v11l8.500-5.500z" fill="currentColor" stroke="none"/>',
  pause: '<path d="M7 5v10M13 5v10" stroke-width="2.200"/>',
  stop: '<rect x="5.500" y="5.500" width="9" height="9" rx="1" fill="currentColor" stroke="none"/>',
  table:
    '<rect x="3.500" y="4.500" width="13" height="11" rx="1"/><path d="M3.500 8.200h13M3.500 11.800h13M8 4.500v11"/>',
  download: '<path d="M10 3.500v9M6.500 9.500 10 13l3.500-3.500M4 16.500h12"/>',
  upload: '<path d="M10 13V4M6.500 7 10 3.500 13.500 7M4 16.500h12"/>',
  more: '<g fill="currentColor" stroke="none"><circle cx="5" cy="10" r="1.100"/><circle cx="10" cy="10" r="1.100"/><circle cx="15" cy="10" r="1.100"/></g>',
  help: '<circle cx="10" cy="10" r="7"/><path d="M8 8.200a2 2 0 1 1 2.700 1.900c-.5.2-.7.5-.7 1.200M10 13.600v.1"/>',
  down: '<path d="M6.500 8.500 10 12l3.500-3.500"/>',
  right: '<path d="M8.500 6.500 12 10l-3.500 3.500"/>',
  check: '<path d="M4.500 10.500 8.300 14l7.200-8"/>',
  dash: '<path d="M5 10h10"/>',
  close: '<path d="M5.500 5.500l9 9M14.500 5.500l-9 9"/>',
  warn: '<path d="M10 3.500 17.500 16.500h-15z"/><path d="M10 8.500v4M10 14.300v.2"/>',
  circle: '<circle cx="10" cy="10" r="4.500"/>',
  search: '<circle cx="9" cy="9" r="5"/><path d="M13 13l4 4"/>',
  lock: '<rect x="5" y="9" width="10" height="7.500" rx="1.200"/><path d="M7 9V6.800a3 3 0 0 1 6 0V9"/>',
  branch:
    '<circle cx="6" cy="4.800" r="1.800"/><circle cx="6" cy="15.200" r="1.800"/><circle cx="14" cy="7.500" r="1.800"/><path d="M6 6.600v6.800M14 9.300c0 3-3 3.200-6.300 4.500"/>',
  copy: '<rect x="7" y="7" width="9.500" height="9.500" rx="1.200"/><path d="M13 7V4.700a1.200 1.200 0 0 0-1.200-1.200H4.700a1.200 1.200 0 0 0-1.200 1.200v7.100A1.200 1.200 0 0 0 4.700 13H7"/>',
  plus: '<path d="M10 4.500v11M4.500 10h11"/>',
  drag: '<path d="M7.500 5v.1M7.500 10v.1M7.500 15v.1M12.500 5v.1M12.500 10v.1M12.500 15v.1" stroke-width="2"/>',
  side: '<rect x="3.500" y="4.500" width="13" height="11" rx="1"/><path d="M12 4.500v11"/>',
} as const

export type IconName = keyof typeof icons
