/** Our own small set: 16 × 16, drawn with a 1.5 stroke and no fill. Each entry is the `d` of one path. */
export const icons = {
  plus: 'M8 2.5v11M2.5 8h11',
  image:
    'M3.5 2.5h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zM2.5 11l3-3 2.5 2.5 2-2 3.5 3.5M10.4 5.6h.01',
  rows: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  queue: 'M2.5 3.5L7 6.25 2.5 9zM9.5 4.5h4M9.5 8h4M2.5 12h11',
  columns: 'M3.5 3v10M8 3v10M12.5 3v10',
  search: 'M7 2.75a4.25 4.25 0 1 1 0 8.5 4.25 4.25 0 0 1 0-8.5zM10.2 10.2l3.3 3.3',
  grid: 'M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z',
  close: 'M4 4l8 8M12 4l-8 8',
  chevronRight: 'M6 3.5L10.5 8 6 12.5',
  chevronLeft: 'M10 3.5L5.5 8l4.5 4.5',
  chevronDown: 'M3.5 6L8 10.5 12.5 6',
  help: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM6.2 6.3a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.8.6-.8 1.2M8 11.4h.01',
  folder: 'M2 12V4.2a.9.9 0 0 1 .9-.9h3l1.6 1.8h5.6a.9.9 0 0 1 .9.9v6a.9.9 0 0 1-.9.9H2.9A.9.9 0 0 1 2 12z',
  box: 'M8 1.8l5.5 3.1v6.2L8 14.2l-5.5-3.1V4.9zM2.5 4.9L8 8l5.5-3.1M8 8v6.2',
  warning: 'M8 2.4L14.2 13H1.8zM8 6.6v3M8 11.3h.01',
  error: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 5v3.6M8 11h.01',
  check: 'M3 8.5l3.5 3.5L13 4.5',
  export: 'M8 10V2.5M5 5.2l3-2.9 3 2.9M3 8.5v4.2c0 .5.4.8.8.8h8.4c.4 0 .8-.3.8-.8V8.5',
  trash: 'M2.5 4.2h11M6 4V2.5h4V4M4 4.5l.6 9h6.8l.6-9M6.6 7v4M9.4 7v4',
  arrowUp: 'M8 13V3.2M4.2 7L8 3.2 11.8 7',
  arrowDown: 'M8 3v9.8M4.2 9L8 12.8 11.8 9',
  play: 'M5 3l7.5 5L5 13z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  stop: 'M4 4h8v8H4z',
  sparkle: 'M8 2.5l1.4 4.1 4.1 1.4-4.1 1.4L8 13.5l-1.4-4.1L2.5 8l4.1-1.4z',
  expand: 'M9.5 2.5h4v4M13.2 2.8L9 7M6.5 13.5h-4v-4M2.8 13.2L7 9',
  shrink: 'M13.5 6.5h-4v-4M9.8 6.2L14 2M2.5 9.5h4v4M6.2 9.8L2 14',
  pencil: 'M3 13l.6-2.8 7.2-7.2 2.2 2.2-7.2 7.2zM9.3 4.5l2.2 2.2',
  sliders:
    'M2.5 5h6M12 5h1.5M2.5 11H4M7.5 11h6M10.2 3.4a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2zM5.8 9.4a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2z',
  copy: 'M5.5 5.5h8v8h-8zM3 10.5H2.5v-8h8V3',
  repeat: 'M3 8a5 5 0 0 1 8.7-3.4L13 6M13 3v3h-3M13 8a5 5 0 0 1-8.7 3.4L3 10M3 13v-3h3',
} as const

export type IconName = keyof typeof icons
