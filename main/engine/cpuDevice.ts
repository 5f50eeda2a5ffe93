/** How a run's record names the processor. */
export const cpuDevice = (threads: number): string =>
  `CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
