import { z } from 'zod'
import type { AxisScale } from '../charts/xAxis.ts'
import { stored } from '../stores/stored.ts'

const axisScale = z.enum(['linear', 'log'] satisfies AxisScale[])
const xScale = stored<AxisScale>('charts.xScale', axisScale, 'log')
const yScale = stored<AxisScale>('charts.yScale', axisScale, 'log')

/** Scales of the iteration and cost axes: chosen once, they hold for every run. */
export const useAxisScales = () => ({ xScale, yScale })
